//! Writes the kit's gallery as files to look at: `cargo run -p ui --example gallery -- /tmp/ui-gallery`,
//! then serve that folder as a site's root. One page for each language and theme, with the assets unpacked
//! beside.

use std::io::Read as _;
use std::path::PathBuf;
use std::{env, fs, io};

use ui::gallery::{kit, sample_words, show};
use ui::kit::blocks::Notice;
use ui::page::{Person, RailItem};
use ui::{Frame, Icon, Lang, Link, State, Theme, assets, html};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "/tmp/ui-gallery".to_owned()));
    fs::create_dir_all(out.join("assets"))?;
    fs::write(out.join("policy.txt"), assets::CONTENT_SECURITY_POLICY)?;
    for asset in assets::ALL {
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(asset.gzipped).read_to_end(&mut body)?;
        fs::write(out.join(asset.path.trim_start_matches('/')), body)?;
    }
    for lang in Lang::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let words = sample_words(lang);
            let body = html! { @for entry in kit() { (show(&words, &entry)) } };
            let page = frame(lang, theme).page(&body).into_string();
            fs::write(out.join(format!("{}-{}.html", lang.code(), theme.code())), page)?;
        }
    }
    Ok(())
}

fn frame(lang: Lang, theme: Theme) -> Frame {
    let words = sample_words(lang);
    let areas = [
        ("Today", "今日", Icon::Today),
        ("Intake", "数据接入", Icon::Intake),
        ("Laboratory", "实验室", Icon::Flask),
        ("Lots", "批次", Icon::Lot),
        ("Balance", "金属平衡", Icon::Balance),
        ("Quality", "质量", Icon::Quality),
        ("Ledger", "台账", Icon::Ledger),
    ];
    let rail = areas.iter().enumerate().map(|(at, (en, zh, icon))| RailItem {
        link: Link::new(words.pick(en, zh), "/"),
        icon: *icon,
        current: at == 3,
    });
    let crumbs = [("ROM-A", "ROM-A"), ("Lot MnSO4-2603-014", "批次 MnSO4-2603-014"), ("Sample", "样品")];
    Frame {
        rail: rail.collect(),
        breadcrumb: crumbs.iter().map(|(en, zh)| Link::new(words.pick(en, zh), "/")).collect(),
        theme,
        person: Some(Person {
            name: words.pick("Wang Wei", "王伟").to_owned(),
            href: "/people/1".to_owned(),
        }),
        banner: Some(Notice::new(State::Neutral, words.pick("Synthetic data.", "合成数据。"))),
        ..Frame::new(words.clone(), words.t("kit-gallery"), "sample", "/gallery")
    }
}
