//! Files as instruments write them, with invented content: the layouts that the mappings of the program read.

use std::fmt::Write;

use super::chance::Chance;

/// What stands at a position of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A sample.
    Sample,
    /// A blank.
    Blank,
    /// A reference material.
    Control,
}

/// A position of a run: its label, and what its analytes really hold.
pub(super) struct Position {
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) contents: Vec<f64>,
}

/// An analyte as an instrument has it.
pub(super) struct Channel {
    /// `Mn 257.610`, `La2O3`.
    pub(super) name: &'static str,
    /// `%`, `mg/kg`.
    pub(super) unit: &'static str,
    /// Standard deviation near zero, in the unit.
    pub(super) noise: f64,
    /// Relative standard deviation, %.
    pub(super) relative: f64,
}

/// A number with so many significant digits, as instruments print it; never with an exponent.
pub(super) fn printed(value: f64, significant: i32) -> String {
    let size = value.abs();
    let before = if size >= 1.0 {
        1 + (1..9).take_while(|power| size >= 10f64.powi(*power)).count() as i32
    } else {
        0
    };
    let leading = (1..9).take_while(|power| size > 0.0 && size * 10f64.powi(*power) < 1.0).count() as i32;
    let decimals = if before > 0 { significant - before } else { significant + leading };
    format!("{value:.*}", decimals.clamp(0, 8) as usize)
}

/// An ICP-OES result export in the layout of a Vista-PRO. `day` is printed as given, day first.
pub(super) fn icp(chance: &mut Chance, day: &str, channels: &[Channel], run: &[Position]) -> Vec<u8> {
    let mut text = String::from(concat!(
        r#""Solution Label","Batch Label","Customer Id","Customer Label","Type","Element","Flags","#,
        r#""Soln Conc","Units","Corr Con","Units","Int","Internal Std","Date","Time","SD","RSD","#,
        r#""IntSD","IntRSD","Act Wgt","#,
        r#""Act Vol","DF","NumReps","Replicates",,,"#,
        "\r\n"
    ));
    for (at, position) in run.iter().enumerate() {
        let kind = match position.kind {
            Kind::Sample => "Samp",
            Kind::Blank => "Blk",
            Kind::Control => "LCS",
        };
        let time = format!("{:02}:{:02}:{:02}", 13 + at / 20, at % 20 * 3, at * 7 % 60);
        for (channel, content) in channels.iter().zip(&position.contents) {
            let value = chance.about(*content, channel.relative) + chance.normal() * channel.noise;
            let again = chance.about(value, channel.relative / 2.0);
            let flag = if value < 0.0 { "uv" } else { "" };
            let (value, twin) = (printed(value, 6), printed(2.0 * value - again, 6));
            let intensity = 40.0 + content * 810.0 / (channel.noise * 100.0 + 1.0);
            let _ = write!(
                text,
                "\"{}\",\"DEMO\",\"\",\"\",\"{kind}\",\"{}\",\"{flag}\",{value},\"{unit}\",{value},\
                 \"{unit}\",\
                 {intensity:.2},\"-\",\"{day}\",\"{time}\",{:.5},{:.4},\"{:.4}\",\"{:.4}\",\
                 1,100,1,2,{},\"{flag}\",\
                 {twin},\"{flag}\"\r\n",
                position.label,
                channel.name,
                channel.noise,
                channel.relative,
                intensity / 90.0,
                1.0 / 0.9,
                printed(again, 6),
                unit = channel.unit,
            );
        }
    }
    text.into_bytes()
}

/// An XRF result table in the layout of a Supermini. `day` is `2026/08/13`.
pub(super) fn xrf(chance: &mut Chance, day: &str, channels: &[Channel], run: &[Position]) -> Vec<u8> {
    let row = |cells: Vec<String>| format!(",,,,{}\n", cells.join(",,"));
    let mut text = row(channels.iter().map(|channel| channel.name.to_owned()).collect());
    text.push_str(&row(channels.iter().map(|channel| channel.unit.to_owned()).collect()));
    for (at, position) in run.iter().enumerate() {
        let mut values = Vec::new();
        for (channel, content) in channels.iter().zip(&position.contents) {
            let value = chance.about(*content, channel.relative) + chance.normal() * channel.noise;
            values.push(format!("{value:.3}"));
        }
        let (hour, minute) = (11 + at * 19 / 60, at * 19 % 60);
        let sum: f64 = position.contents.iter().sum();
        let _ = writeln!(
            text,
            "{:<16},REO-BEAD,{sum:.3},{day} {hour:02}:{minute:02},{}",
            position.label,
            values.join(",,")
        );
    }
    text.into_bytes()
}

/// An XRF screening of one sample in the layout of an S8 Tiger: compound, atomic number, line, content in %.
pub(super) fn screening(chance: &mut Chance, rows: &[(&str, u32, &str, f64)]) -> Vec<u8> {
    let mut text = String::from(
        "Formula,Concentration,Z,Status,Line 1,Net int.,LLD,Stat. error,Analyzed layer,Bound %\n",
    );
    for (formula, z, line, content) in rows {
        let limit = 60.0 + f64::from(*z);
        let value = chance.about(*content, 1.5);
        let found = value * 10_000.0 > limit;
        let (value, status) = match (found, value >= 0.1) {
            (false, _) => ("0.0 PPM -".to_owned(), "Not detected"),
            (true, true) => (format!("{} %", printed(value, 4)), "XRF 1"),
            (true, false) => (format!("{:.0} PPM", value * 10_000.0), "XRF 1"),
        };
        let _ = writeln!(
            text,
            "{formula},{value},{z},{status},{line} KA1-HR-Tr,{:.3},{limit:.1} PPM,1.2%,12 um,",
            content * 20.0
        );
    }
    text.into_bytes()
}

/// Combustion carbon and sulphur in the layout of a CS-2000; carbon on channel 1, sulphur on channel 3.
pub(super) fn combustion(chance: &mut Chance, day: &str, samples: &[(String, f64, f64)]) -> Vec<u8> {
    let mut text = String::new();
    for (at, (label, carbon, sulphur)) in samples.iter().enumerate() {
        let (c, s) = (chance.about(*carbon, 1.0), chance.about(*sulphur, 1.5));
        let (c, s, mass) = (printed(c, 8), printed(s, 8), 150.0 + chance.even() * 5.0);
        let _ = writeln!(
            text,
            "{day} 2:{:02} PM\t{label}\t{c}\t{s}\tI 1 / 3\t{mass:.1}\t50\t{c}\t\
             0.00000001\t{s}\t0.010385\t41.2\t\
             0.00000001\t2.41\t0.0901\t0",
            10 + at * 3
        );
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, mapping: &str, bytes: &[u8]) -> intake::Import {
        let all = intake::shipped();
        let mapping = all.iter().find(|one| one.name == mapping).unwrap();
        intake::read(name, bytes, mapping, &intake::Limits::default()).unwrap()
    }

    const MN: Channel = Channel { name: "Mn 257.610", unit: "%", noise: 0.0001, relative: 0.2 };

    fn position(label: &str, kind: Kind, content: f64) -> Position {
        Position { label: label.to_owned(), kind, contents: vec![content] }
    }

    #[test]
    fn numbers_are_printed_with_their_digits_and_without_exponents() {
        for (value, text) in
            [(31.94127, "31.9413"), (0.000123456, "0.00012346"), (-4.5, "-4.50000"), (0.0, "0.000000")]
        {
            assert_eq!(printed(value, 6), text);
        }
    }

    #[test]
    fn the_shipped_mappings_read_every_file() {
        let mut chance = Chance::new(1);
        let run = [position("Blank", Kind::Blank, 0.0), position("MS-1", Kind::Sample, 32.0)];
        let icp = read("a.csv", "varian-vista-pro", &icp(&mut chance, "13/08/2026", &[MN], &run));
        assert_eq!(icp.readings.len(), 2);
        assert!(icp.readings.iter().all(|reading| reading.needs_decision.is_none()), "{:?}", icp.readings);
        assert_eq!(icp.readings[1].unit, "%");
        assert_eq!(icp.readings[1].measured_at.as_deref(), Some("2026-08-13T13:03:07"));
        let la = Channel { name: "La2O3", unit: "mass%", noise: 0.001, relative: 0.3 };
        let ce = Channel { name: "CeO2", unit: "mass%", noise: 0.001, relative: 0.3 };
        let bead = Position { label: "LC-1".into(), kind: Kind::Sample, contents: vec![33.0, 66.0] };
        let xrf = read("b.csv", "rigaku-supermini", &xrf(&mut chance, "2026/08/13", &[la, ce], &[bead]));
        assert_eq!(xrf.readings.len(), 2);
        assert!(xrf.readings.iter().all(|reading| reading.needs_decision.is_none()), "{:?}", xrf.readings);
        let rows = [("SiO2", 14, "Si", 28.8), ("SrO", 38, "Sr", 0.001)];
        let tiger = read("ORE-1.csv", "bruker-s8-tiger", &screening(&mut chance, &rows));
        assert_eq!(tiger.readings[0].sample_id, "ORE-1");
        assert_eq!(tiger.readings[1].qualifier, intake::Qualifier::NotDetected);
        let samples = [("ORE 1 (IND) - 4".to_owned(), 9.1, 0.4)];
        let eltra = read("c.txt", "eltra-cs2000", &combustion(&mut chance, "8/13/2026", &samples));
        assert_eq!(eltra.readings.iter().filter(|reading| reading.reported).count(), 2);
    }

    #[test]
    fn the_files_are_recognised_by_their_content() {
        let mut chance = Chance::new(1);
        let run = [position("MS-1", Kind::Sample, 32.0)];
        let file = icp(&mut chance, "13/08/2026", &[MN], &run);
        let found = intake::recognise("x.csv", &file, &intake::shipped());
        assert!(matches!(found, intake::Recognition::One(_)), "{found:?}");
    }
}
