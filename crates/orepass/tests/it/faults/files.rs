//! What a run of the laboratory holds, as rows that a fault can spoil, and the files that instruments write
//! of it: the layouts of the demo institute.

use std::fmt::Write as _;

use testkit::faults::Chance;

/// An analyte: name, head of its column, unit, standard deviation near zero, relative one in %, content of
/// the control material, content of sound product.
pub(super) struct Channel {
    pub(super) name: &'static str,
    pub(super) head: &'static str,
    pub(super) unit: &'static str,
    pub(super) noise: f64,
    pub(super) relative: f64,
    pub(super) control: f64,
    pub(super) product: f64,
}

const fn channel(
    name: &'static str,
    head: &'static str,
    unit: &'static str,
    (noise, relative): (f64, f64),
    (control, product): (f64, f64),
) -> Channel {
    Channel { name, head, unit, noise, relative, control, product }
}

pub(super) const MANGANESE: &[Channel] = &[
    channel("Mn", "Mn 257.610", "%", (0.0004, 0.12), (31.95, 31.98)),
    channel("Fe", "Fe 259.940", "mg/kg", (0.15, 1.4), (20.0, 4.1)),
    channel("Ca", "Ca 317.933", "mg/kg", (0.3, 1.2), (60.0, 18.0)),
    channel("Mg", "Mg 279.553", "mg/kg", (0.2, 1.2), (60.0, 16.0)),
    channel("K", "K 766.491", "mg/kg", (0.5, 1.6), (40.0, 9.0)),
    channel("Na", "Na 589.592", "mg/kg", (0.5, 1.6), (40.0, 12.0)),
    channel("Pb", "Pb 220.353", "mg/kg", (0.08, 1.5), (10.0, 0.6)),
    channel("Cd", "Cd 214.439", "mg/kg", (0.02, 1.3), (10.0, 0.4)),
    channel("Zn", "Zn 213.857", "mg/kg", (0.05, 1.3), (20.0, 2.1)),
    channel("Ni", "Ni 231.604", "mg/kg", (0.06, 1.4), (20.0, 3.2)),
    channel("Co", "Co 228.615", "mg/kg", (0.06, 1.4), (20.0, 2.8)),
    channel("Cu", "Cu 327.395", "mg/kg", (0.05, 1.4), (10.0, 0.5)),
];

pub(super) const IMPURITIES: &[Channel] = &[
    channel("Fe", "Fe 259.940", "mg/kg", (0.2, 1.4), (50.0, 210.0)),
    channel("Ca", "Ca 317.933", "mg/kg", (0.3, 1.3), (50.0, 140.0)),
    channel("Si", "Si 251.611", "mg/kg", (0.5, 1.8), (50.0, 90.0)),
    channel("Al", "Al 396.152", "mg/kg", (0.3, 1.5), (50.0, 110.0)),
];

pub(super) const OXIDES: &[Channel] = &[
    channel("La2O3", "La2O3", "mass%", (0.004, 0.25), (15.20, 0.02)),
    channel("CeO2", "CeO2", "mass%", (0.004, 0.25), (28.40, 0.03)),
    channel("Pr6O11", "Pr6O11", "mass%", (0.004, 0.3), (12.30, 24.6)),
    channel("Nd2O3", "Nd2O3", "mass%", (0.004, 0.25), (34.10, 74.55)),
    channel("Sm2O3", "Sm2O3", "mass%", (0.003, 0.4), (2.10, 0.02)),
    channel("Eu2O3", "Eu2O3", "mass%", (0.003, 0.5), (0.50, 0.004)),
    channel("Gd2O3", "Gd2O3", "mass%", (0.003, 0.5), (1.20, 0.01)),
    channel("Tb4O7", "Tb4O7", "mass%", (0.003, 0.6), (0.30, 0.003)),
    channel("Dy2O3", "Dy2O3", "mass%", (0.003, 0.6), (0.60, 0.006)),
    channel("Ho2O3", "Ho2O3", "mass%", (0.003, 0.6), (0.20, 0.003)),
    channel("Er2O3", "Er2O3", "mass%", (0.003, 0.6), (0.30, 0.003)),
    channel("Tm2O3", "Tm2O3", "mass%", (0.003, 0.6), (0.15, 0.002)),
    channel("Yb2O3", "Yb2O3", "mass%", (0.003, 0.6), (0.20, 0.002)),
    channel("Lu2O3", "Lu2O3", "mass%", (0.003, 0.6), (0.15, 0.002)),
    channel("Y2O3", "Y2O3", "mass%", (0.003, 0.4), (2.00, 0.01)),
];

/// What stands in a row of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sample,
    Blank,
    Control,
}

/// One position of a run.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) kind: Kind,
    /// As printed, by channel.
    pub(super) values: Vec<String>,
    pub(super) at: jiff::civil::DateTime,
}

/// A run: its channels with the units that its head says, and its rows.
#[derive(Clone)]
pub(super) struct Run {
    pub(super) channels: Vec<(&'static Channel, &'static str)>,
    pub(super) rows: Vec<Row>,
}

impl Run {
    /// A run of these channels without rows.
    pub(super) fn of(channels: &'static [Channel]) -> Self {
        Run { channels: channels.iter().map(|channel| (channel, channel.unit)).collect(), rows: Vec::new() }
    }

    /// Measures what a position holds, as well as the instrument can.
    pub(super) fn measure(
        &mut self,
        chance: &mut Chance,
        (label, kind): (&str, Kind),
        contents: &[f64],
        at: jiff::civil::DateTime,
    ) {
        let values = self.channels.iter().zip(contents).map(|((channel, _), content)| {
            let value = chance.about(*content, channel.relative) + chance.normal() * channel.noise;
            printed(value)
        });
        let values = values.collect();
        self.rows.push(Row { label: label.to_owned(), kind, values, at });
    }

    /// The place of a channel.
    pub(super) fn column(&self, name: &str) -> usize {
        self.channels.iter().position(|(channel, _)| channel.name == name).unwrap()
    }

    /// As a Vista-PRO writes it, day first.
    pub(super) fn icp(&self) -> Vec<u8> {
        let mut text = String::from(concat!(
            r#""Solution Label","Batch Label","Customer Id","Customer Label","Type","Element","Flags","#,
            r#""Soln Conc","Units","Corr Con","Units","Int","Internal Std","Date","Time","SD","RSD","#,
            r#""IntSD","IntRSD","Act Wgt","#,
            r#""Act Vol","DF","NumReps","Replicates",,,"#,
            "\r\n"
        ));
        for row in &self.rows {
            let kind = match row.kind {
                Kind::Sample => "Samp",
                Kind::Blank => "Blk",
                Kind::Control => "LCS",
            };
            let (day, time) = (row.at.strftime("%d/%m/%Y"), row.at.strftime("%H:%M:%S"));
            for ((channel, unit), value) in self.channels.iter().zip(&row.values) {
                let _ = write!(
                    text,
                    "\"{}\",\"DEMO\",\"\",\"\",\"{kind}\",\"{}\",\"\",{value},\"{unit}\",{value},\"{unit}\",\
                     810.00,\"-\",\"{day}\",\"{time}\",{:.5},{:.4},\"9.0\",\"1.1\",1,100,1,2,{value},\"\",\
                     {value},\"\"\r\n",
                    row.label, channel.head, channel.noise, channel.relative,
                );
            }
        }
        text.into_bytes()
    }

    /// As a Supermini writes it.
    pub(super) fn xrf(&self) -> Vec<u8> {
        let head = |cells: Vec<&str>| format!(",,,,{}\n", cells.join(",,"));
        let mut text = head(self.channels.iter().map(|(channel, _)| channel.head).collect());
        text.push_str(&head(self.channels.iter().map(|(_, unit)| *unit).collect()));
        for row in &self.rows {
            let at = row.at.strftime("%Y/%m/%d %H:%M");
            let _ = writeln!(text, "{:<16},REO-BEAD,1.000,{at},{}", row.label, row.values.join(",,"));
        }
        text.into_bytes()
    }
}

/// Six significant digits, as instruments print them; never with an exponent.
pub(super) fn printed(value: f64) -> String {
    let size = value.abs();
    let digits = if size < 1e-8 { 6 } else { 5 - size.log10().floor() as i32 };
    format!("{value:.*}", digits.clamp(0, 8) as usize)
}
