//! A small plant with its people, ready to release lots: what every scenario starts from.

use kernel::{
    Activity, Actor, AuthorisationId, LotId, MaterialId, PartyId, PersonId, Ref, ResultId, Role, SampleId,
    SpecificationVersionId,
};
use store::{Area, Receipt, Request, Stop};
use testkit::World;

use crate::bench::{self, Measure};

pub fn areas() -> Vec<Area> {
    vec![authority::AREA, materials::AREA, bench::AREA, quality::AREA]
}

pub struct Plant {
    pub world: World,
    pub material: MaterialId,
    pub customer: PartyId,
    pub version: SpecificationVersionId,
    /// Two quality managers: the second person is never the first.
    pub quality: [PersonId; 2],
    signers: [(PersonId, AuthorisationId); 3],
    /// A run of an instrument, as a file: Mn and Cd of samples S-1 and so on.
    run: String,
}

const RUN: &str = "Sample,Mn %,Cd %\r\nS-1,32.14,0.0003\r\nS-2,32.20,0.0007\r\nS-3,32.10,<0.0001\r\n";

impl Plant {
    pub fn new(world: World) -> Self {
        let admin = world.actor(&[
            Role::Administrator,
            Role::TalentOfficer,
            Role::QualityManager,
            Role::Metallurgist,
            Role::Receiver,
            Role::LaboratoryHead,
            Role::Director,
        ]);
        let give = |name: &str, json: &str| {
            give(&world, &admin, name, json).unwrap_or_else(|e| panic!("{name}: {e:?}"))
        };
        give(
            "institute.set",
            r#"{"names":{"en":"Institute of Critical Minerals","zh":"关键矿产研究院"},
            "address":{"en":"1 Lushan Road, Changsha","zh":"长沙市麓山路1号"},"time_zone":"Asia/Shanghai",
            "origin_url":"https://lab.example.org"}"#,
        );
        let material: MaterialId = give(
            "material.define",
            r#"{"code":"MSM","kind":"product","formula":"MnSO4·H2O",
            "names":{"en":"Manganese sulphate monohydrate","zh":"一水硫酸锰"}}"#,
        )
        .id()
        .unwrap();
        let party = |code: &str, kind: &str| -> PartyId {
            let json = format!(
                r#"{{"code":"{code}","kind":"{kind}","names":{{"en":"{code} Ltd","zh":"{code} 公司"}}}}"#
            );
            give("party.register", &json).id().unwrap()
        };
        let customer = party("BEIHAI", "customer");
        party("XIANGTAN", "supplier");
        let person = |code: &str| -> PersonId {
            let json = format!(r#"{{"code":"{code}","names":{{"en":"Person {code}","zh":"人员{code}"}}}}"#);
            give("person.register", &json).id().unwrap()
        };
        let people = ["TE", "CH", "AP", "QA", "QB"].map(person);
        let grant = |person: PersonId, activity: Activity, scope: Ref| -> AuthorisationId {
            let json = format!(
                r#"{{"person":"{person}","activity":"{activity}","scope":"{scope}",
                "valid_from":"2026-01-01T00:00:00Z","valid_until":"2027-01-01T00:00:00Z",
                "basis":"assessed"}}"#
            );
            give("authorisation.grant", &json).id().unwrap()
        };
        let method: kernel::MethodId = give("bench.method", "{}").id().unwrap();
        let method = Ref::from(method);
        let signers = [
            (people[0], grant(people[0], Activity::Test, method)),
            (people[1], grant(people[1], Activity::Check, method)),
            (people[2], grant(people[2], Activity::Approve, method)),
        ];
        for person in [people[3], people[4]] {
            grant(person, Activity::Release, material.into());
            grant(person, Activity::Certify, material.into());
        }
        let specification: kernel::SpecificationId = give(
            "specification.define",
            &format!(
                r#"{{"code":"HG/T 4823",
            "names":{{"en":"Manganese sulphate for batteries","zh":"电池用硫酸锰"}},"material":"{material}",
            "grade":"MSM-B1"}}"#
            ),
        )
        .id()
        .unwrap();
        let version = give(
            "specification.issue_version",
            &format!(
                r#"{{"specification":"{specification}",
            "edition":"2023","in_force_from":"2026-01-01T00:00:00Z","items":[
            {{"analyte":"Mn","lower":"32.0","unit":"%","basis":"dry","comparison":"rounded_value"}},
            {{"analyte":"MnO","unit":"%","basis":"dry","places":2,"optional":true}},
            {{"analyte":"Cd","upper":"0.0005","unit":"%","basis":"dry"}}]}}"#
            ),
        )
        .id()
        .unwrap();
        let run = world.store.keep_file("run.csv", RUN.as_bytes()).unwrap();
        Plant { quality: [people[3], people[4]], material, customer, version, signers, run, world }
    }

    /// The authorisation of who tests, reviews, approves.
    pub fn authorisation(&self, which: usize) -> AuthorisationId {
        self.signers[which].1
    }

    /// Who is to be authorised to sample, release and certify.
    pub fn people_for(&self, activity: &str) -> Vec<PersonId> {
        if activity == "sample" { vec![self.signers[0].0] } else { self.quality.to_vec() }
    }

    pub fn manager(&self, which: usize) -> Actor {
        self.world.actor_as(self.quality[which], &[Role::QualityManager])
    }

    pub fn give(&self, who: usize, name: &str, json: &str) -> Result<Receipt, Stop> {
        give(&self.world, &self.manager(who), name, json)
    }

    /// As somebody of the plant.
    pub fn work(&self, name: &str, json: &str) -> Receipt {
        let actor = self.world.actor_as(
            self.signers[0].0,
            &[Role::Metallurgist, Role::Receiver, Role::Analyst, Role::LaboratoryHead],
        );
        give(&self.world, &actor, name, json).unwrap_or_else(|error| panic!("{name} {json}: {error:?}"))
    }

    /// As somebody of the plant; nothing when it is refused, as when a lot is too small.
    pub fn tried(&self, name: &str, json: &str) -> Option<Receipt> {
        let actor = self.world.actor_as(self.signers[0].0, &[Role::Metallurgist]);
        give(&self.world, &actor, name, json).ok()
    }

    pub fn lot(&self, code: &str) -> LotId {
        self.work(
            "lot.receive",
            &format!(
                r#"{{"code":"{code}","material":"{}","mass_kg_wet":"24000",
            "moisture_percent":"0.42","produced_on":"2026-03-01"}}"#,
                self.material
            ),
        )
        .id()
        .unwrap()
    }

    /// Samples a lot and measures the sample: line `row` of the run.
    pub fn measured(&self, lot: LotId, code: &str, row: u32) -> Vec<ResultId> {
        let sample = self.sample(lot, code);
        let cells: Vec<&str> = RUN.lines().nth(row as usize - 1).unwrap().split(',').collect();
        [("Mn", 2u32), ("Cd", 3)]
            .into_iter()
            .map(|(analyte, column)| {
                let raw = cells[column as usize - 1];
                let place = Some((self.run.clone(), row, column, raw.to_owned()));
                self.result(sample, analyte, raw, place)
            })
            .collect()
    }

    pub fn sample(&self, lot: LotId, code: &str) -> SampleId {
        let json = format!(
            r#"{{"person":"{0}","activity":"sample","scope":"{1}","valid_from":"2026-01-01T00:00:00Z",
            "valid_until":"2027-01-01T00:00:00Z","basis":"assessed"}}"#,
            self.signers[0].0, self.material
        );
        self.give(0, "authorisation.grant", &json).unwrap();
        self.work("lot.sample", &format!(r#"{{"lot":"{lot}","code":"{code}","mass_kg_wet":"2"}}"#))
            .id()
            .unwrap()
    }

    pub fn result(
        &self,
        sample: SampleId,
        analyte: &str,
        raw: &str,
        place: Option<(String, u32, u32, String)>,
    ) -> ResultId {
        let (qualifier, value) = raw.strip_prefix('<').map_or(("value", raw), |limit| ("below", limit));
        let measure = Measure {
            sample,
            analyte: analyte.into(),
            qualifier: qualifier.into(),
            value: value.into(),
            unit: "%".into(),
            place,
            signers: self.signers,
            method: Default::default(),
        };
        let analyst = self.world.actor_as(self.signers[0].0, &[Role::Analyst]);
        self.world.store.run(&analyst, measure).unwrap().id().unwrap()
    }

    /// A result of which the method states limits and uncertainty; typed, unless it has a place.
    pub fn limited(
        &self,
        sample: SampleId,
        (analyte, qualifier, value, unit): (&str, &str, &str, &str),
        method: bench::Limited,
        place: Option<(String, u32, u32, String)>,
    ) -> ResultId {
        let measure = Measure {
            sample,
            analyte: analyte.into(),
            qualifier: qualifier.into(),
            value: value.into(),
            unit: unit.into(),
            place,
            signers: self.signers,
            method,
        };
        let analyst = self.world.actor_as(self.signers[0].0, &[Role::Analyst]);
        self.world.store.run(&analyst, measure).unwrap().id().unwrap()
    }

    pub fn jobs(&self) {
        while self.world.store.work().unwrap() {}
    }
}

/// Gives a command by name, as JSON, as the API would.
pub fn give(world: &World, actor: &Actor, name: &str, json: &str) -> Result<Receipt, Stop> {
    let kind = world.store.registry().commands.get(name).unwrap_or_else(|| panic!("no command {name}"));
    let command = (kind.parse)(json).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    world.store.request(Request { actor: actor.clone(), command, reason: None, key: None })
}

/// The refusal's code, or `done`.
pub fn code(outcome: Result<Receipt, Stop>) -> String {
    match outcome {
        Ok(_) => "done".to_owned(),
        Err(Stop::Refused(refusal)) => refusal.code,
        Err(Stop::Failed(error)) => panic!("{error}"),
    }
}
