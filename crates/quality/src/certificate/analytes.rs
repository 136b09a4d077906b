//! What analytes are called on a certificate, in both languages.

use measure::Analyte;
use publish::Names;

/// Elements that are determined in minerals and battery materials: symbol, English, Chinese.
const ELEMENTS: &[(&str, &str, &str)] = &[
    ("Ag", "Silver", "银"),
    ("Al", "Aluminium", "铝"),
    ("As", "Arsenic", "砷"),
    ("Au", "Gold", "金"),
    ("B", "Boron", "硼"),
    ("Ba", "Barium", "钡"),
    ("Be", "Beryllium", "铍"),
    ("Bi", "Bismuth", "铋"),
    ("C", "Carbon", "碳"),
    ("Ca", "Calcium", "钙"),
    ("Cd", "Cadmium", "镉"),
    ("Ce", "Cerium", "铈"),
    ("Cl", "Chlorine", "氯"),
    ("Co", "Cobalt", "钴"),
    ("Cr", "Chromium", "铬"),
    ("Cu", "Copper", "铜"),
    ("Dy", "Dysprosium", "镝"),
    ("Er", "Erbium", "铒"),
    ("Eu", "Europium", "铕"),
    ("F", "Fluorine", "氟"),
    ("Fe", "Iron", "铁"),
    ("Ga", "Gallium", "镓"),
    ("Gd", "Gadolinium", "钆"),
    ("Hg", "Mercury", "汞"),
    ("Ho", "Holmium", "钬"),
    ("In", "Indium", "铟"),
    ("K", "Potassium", "钾"),
    ("La", "Lanthanum", "镧"),
    ("Li", "Lithium", "锂"),
    ("Lu", "Lutetium", "镥"),
    ("Mg", "Magnesium", "镁"),
    ("Mn", "Manganese", "锰"),
    ("Mo", "Molybdenum", "钼"),
    ("N", "Nitrogen", "氮"),
    ("Na", "Sodium", "钠"),
    ("Nb", "Niobium", "铌"),
    ("Nd", "Neodymium", "钕"),
    ("Ni", "Nickel", "镍"),
    ("P", "Phosphorus", "磷"),
    ("Pb", "Lead", "铅"),
    ("Pr", "Praseodymium", "镨"),
    ("S", "Sulphur", "硫"),
    ("Sb", "Antimony", "锑"),
    ("Sc", "Scandium", "钪"),
    ("Se", "Selenium", "硒"),
    ("Si", "Silicon", "硅"),
    ("Sm", "Samarium", "钐"),
    ("Sn", "Tin", "锡"),
    ("Sr", "Strontium", "锶"),
    ("Ta", "Tantalum", "钽"),
    ("Tb", "Terbium", "铽"),
    ("Te", "Tellurium", "碲"),
    ("Th", "Thorium", "钍"),
    ("Ti", "Titanium", "钛"),
    ("Tl", "Thallium", "铊"),
    ("Tm", "Thulium", "铥"),
    ("U", "Uranium", "铀"),
    ("V", "Vanadium", "钒"),
    ("W", "Tungsten", "钨"),
    ("Y", "Yttrium", "钇"),
    ("Yb", "Ytterbium", "镱"),
    ("Zn", "Zinc", "锌"),
    ("Zr", "Zirconium", "锆"),
];

const OTHERS: &[(&str, &str, &str)] = &[
    ("TREO", "Total rare earth oxides", "稀土氧化物总量"),
    ("LREO", "Light rare earth oxides", "轻稀土氧化物"),
    ("MREO", "Medium rare earth oxides", "中稀土氧化物"),
    ("HREO", "Heavy rare earth oxides", "重稀土氧化物"),
    ("LOI", "Loss on ignition", "灼烧减量"),
    ("H2O", "Moisture", "水分"),
    ("moisture", "Moisture", "水分"),
    ("SO4", "Sulphate", "硫酸根"),
    ("pH", "pH", "pH 值"),
    ("D50", "Median particle size", "中位粒径"),
    ("insoluble", "Insoluble matter", "水不溶物"),
];

/// Name and formula of an analyte. What has no name here is called as it was written.
pub(crate) fn name(written: &str) -> publish::certificate::Analyte {
    let analyte = Analyte::parse(written);
    let formula = Some(written.to_owned());
    let plain = || Names::new(written, written);
    if let Some((en, zh)) = find(OTHERS, written) {
        let formula = formula.filter(|_| !matches!(analyte, Analyte::Other(_)));
        return publish::certificate::Analyte { name: Names::new(en, zh), formula };
    }
    let name = match &analyte {
        Analyte::Element(element) => {
            find(ELEMENTS, element.symbol()).map_or_else(plain, |(en, zh)| Names::new(en, zh))
        }
        Analyte::Oxide(oxide) => {
            let metal = oxide.counts().keys().find(|element| element.symbol() != "O").copied();
            let named = metal.and_then(|metal| find(ELEMENTS, metal.symbol()));
            named.map_or_else(plain, |(en, zh)| Names::new(format!("{en} oxide"), format!("氧化{zh}")))
        }
        _ => plain(),
    };
    let formula = formula.filter(|_| !matches!(analyte, Analyte::Other(_)));
    publish::certificate::Analyte { name, formula }
}

type Row = (&'static str, &'static str, &'static str);

fn find(table: &[Row], key: &str) -> Option<(&'static str, &'static str)> {
    table.iter().find(|(symbol, _, _)| *symbol == key).map(|(_, en, zh)| (*en, *zh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn analytes_have_names_in_both_languages_or_stay_as_written() {
        let table = [
            ("Mn", "Manganese", "锰", Some("Mn")),
            ("La2O3", "Lanthanum oxide", "氧化镧", Some("La2O3")),
            ("TREO", "Total rare earth oxides", "稀土氧化物总量", Some("TREO")),
            ("pH", "pH", "pH 值", None),
            ("moisture", "Moisture", "水分", None),
            ("Tap density", "Tap density", "Tap density", None),
        ];
        for (written, en, zh, formula) in table {
            let found = name(written);
            assert_eq!((found.name.en.as_str(), found.name.zh.as_str()), (en, zh));
            assert_eq!(found.formula.as_deref(), formula, "{written}");
        }
    }
}
