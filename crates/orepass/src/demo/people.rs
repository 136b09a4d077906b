//! The people of the institute: names, roles, accounts, and what each is authorised to do.

use anyhow::Result;
use authority::{Cost, NewPassword, OpenAccount};
use kernel::{PersonId, Role};
use serde_json::json;

use super::institute::{Institute, order};

/// The password of every demo account.
pub const PASSWORD: &str = "ore to certificate";

/// Who works here: word and login, staff code, names, roles.
pub(super) const PEOPLE: &[(&str, &str, &str, &str, &[Role])] = &[
    ("admin", "SQ", "Shen Qing", "沈清", &[Role::Administrator]),
    ("director", "LZ", "Lin Zhiyuan", "林致远", &[Role::Director]),
    ("quality", "GM", "Gao Min", "高敏", &[Role::QualityManager]),
    ("quality2", "TR", "Tang Rui", "唐睿", &[Role::QualityManager]),
    ("labhead", "ZP", "Zhou Ping", "周平", &[Role::LaboratoryHead]),
    ("labhead2", "EL", "Emma Larsson", "艾玛·拉松", &[Role::LaboratoryHead]),
    ("analyst", "WJ", "Wu Jie", "吴洁", &[Role::Analyst]),
    ("analyst2", "HB", "He Bo", "何博", &[Role::Analyst]),
    ("trainee", "DY", "Deng Yu", "邓宇", &[Role::Analyst]),
    ("receiver", "LD", "Luo Dan", "罗丹", &[Role::Receiver]),
    ("shift", "MC", "Ma Chao", "马超", &[Role::ShiftSupervisor]),
    ("shift2", "DO", "Daniel Okoro", "丹尼尔·奥科罗", &[Role::ShiftSupervisor]),
    ("metallurgist", "XL", "Xu Lan", "许岚", &[Role::Metallurgist]),
    ("metallurgist2", "IT", "Ivy Tan", "陈艾薇", &[Role::Metallurgist]),
    ("talent", "JH", "Jiang Hua", "江华", &[Role::TalentOfficer]),
    ("auditor", "PN", "Peter Novak", "彼得·诺瓦克", &[Role::Auditor]),
    ("customer", "SW", "Sun Wei", "孙伟", &[Role::Customer]),
];

/// Founds the institute with its administrator, then registers everybody else and opens their accounts.
pub(super) fn found(institute: &mut Institute) -> Result<()> {
    let foundation: authority::Foundation = serde_json::from_value(json!({
        "institute": {
            "names": {"en": "Qingshi Institute of Critical Minerals (synthetic)", "zh": "青石关键矿产研究院（合成数据）"},
            "address": {"en": "8 Example Road, Sample City", "zh": "样例市示范路8号"},
            "contact": "lab@qingshi.example · every person, lot and number here is invented · 人员、批次、数据均为虚构",
            "time_zone": "Asia/Shanghai",
        },
        "code": "SQ", "names": {"en": "Shen Qing", "zh": "沈清"}, "login": "admin", "password": PASSWORD,
        "lang": "en",
    }))?;
    let admin = authority::found(&institute.store, foundation)?;
    institute.know("admin", admin, &[Role::Administrator]);
    // One hash at the full cost serves all accounts; seventeen would take as long as the rest of the story.
    let password = NewPassword::new(PASSWORD, Cost::Usual)?;
    for (word, code, en, zh, roles) in &PEOPLE[1..] {
        let fields = json!({"code": code, "names": {"en": en, "zh": zh}});
        let person: PersonId = institute.make(word, "admin", "person.register", fields)?.try_into()?;
        institute.know(word, person, roles);
        let grants = roles.iter().map(|role| {
            order("admin", "role.grant", json!({"person": person.to_string(), "role": role.word()}))
        });
        institute.all(grants.collect())?;
        let login = authority::text::Login::parse(word)?;
        let account = OpenAccount { person, login, password: password.clone(), lang: None };
        institute.store.run(&institute.actor("admin")?, account)?;
    }
    Ok(())
}

/// Authorisations: who, activity, scopes, from, until.
type Grant = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str);

const METHODS: &[&str] = &["ICP-MN-01", "XRF-RE-01", "ICP-RE-02", "XRF-SC-03", "CS-04", "GRAV-05"];
const MADE: &[&str] =
    &["MN-ORE", "MN-LIQ", "MN-PUR", "MN-ML", "MSM", "MN-RES", "RE-CON", "RE-LIQ", "LACE", "PRND", "SEG"];

const GRANTS: &[Grant] = &[
    ("quality", "certify", &["MSM", "LACE", "PRND"], "2026-01-05", "2027-01-05"),
    ("quality2", "certify", &["MSM"], "2026-01-05", "2027-01-05"),
    ("analyst", "test", &["ICP-MN-01", "ICP-RE-02", "CS-04", "GRAV-05"], "2026-01-05", "2027-01-05"),
    ("analyst2", "test", &["XRF-RE-01", "XRF-SC-03"], "2026-01-05", "2026-12-08"),
    ("analyst2", "test", &["GRAV-05"], "2026-01-05", "2027-01-05"),
    ("trainee", "test", &["ICP-MN-01"], "2026-04-01", "2026-10-01"),
    ("analyst2", "check", &["ICP-MN-01", "ICP-RE-02", "CS-04", "GRAV-05"], "2026-01-05", "2027-01-05"),
    ("analyst", "check", &["XRF-RE-01", "XRF-SC-03"], "2026-01-05", "2027-01-05"),
    ("labhead", "approve", METHODS, "2026-01-05", "2027-01-05"),
    ("labhead2", "approve", METHODS, "2026-01-05", "2027-01-05"),
    ("labhead2", "check", METHODS, "2026-01-05", "2027-01-05"),
    ("receiver", "sample", &["MN-ORE", "RE-CON"], "2026-01-05", "2027-01-05"),
    ("shift", "sample", MADE, "2026-01-05", "2026-12-15"),
    ("shift2", "sample", MADE, "2026-01-05", "2027-01-05"),
    ("quality", "release", &["MSM", "LACE", "PRND", "SEG"], "2026-01-05", "2027-01-05"),
    ("quality2", "release", &["MSM"], "2026-01-05", "2027-01-05"),
];

/// Grants what people may do, once methods and materials are there; one is withdrawn later ([`withdraw`]).
pub(super) fn authorise(institute: &mut Institute) -> Result<()> {
    for (who, activity, scopes, from, until) in GRANTS {
        for scope in *scopes {
            let fields = json!({
                "person": institute.id(who)?, "activity": activity, "scope": institute.id(scope)?,
                "valid_from": format!("{from}T00:00:00+08:00"),
                "valid_until": format!("{until}T00:00:00+08:00"),
                "basis": "Supervised work, assessed by the head of the laboratory (invented)",
            });
            institute.make(&format!("{who} {activity} {scope}"), "talent", "authorisation.grant", fields)?;
        }
    }
    Ok(())
}

/// One authorisation is withdrawn.
pub(super) fn withdraw(institute: &mut Institute) -> Result<()> {
    let fields = json!({
        "authorisation": institute.id("shift2 sample PRND")?,
        "reason": "Increments were taken from one bag only; to be trained again",
    });
    institute.give("talent", "authorisation.withdraw", fields)?;
    Ok(())
}
