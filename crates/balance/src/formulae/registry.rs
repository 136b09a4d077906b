//! The formulae by name: what programs and pages choose from.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Problem;
use super::reading::{self, Fields, Sheet, plain};
use super::{
    bench, bond, doe, grade_recovery, gy, kinetics, kremser, leach, locked_cycle, n_product, partition,
    period, separation_efficiency, shape, sx, two_product,
};

/// One formula.
pub struct Formula {
    /// Its name, in small letters with dashes.
    pub name: &'static str,
    /// Other names, with underscores, among them the `kind` of case files.
    pub aliases: &'static [&'static str],
    /// What it answers, in a sentence.
    pub about: &'static str,
    /// An input.
    pub example: &'static str,
    /// Which columns of a table stay lists.
    is_column: fn(&str) -> bool,
    /// Brings what people write to the one form that is read.
    shape: fn(&mut Fields, &Fields) -> Result<(), Problem>,
    run: fn(Fields) -> Result<Value, Problem>,
}

impl Formula {
    /// Works a sheet out.
    pub fn answer(&self, sheet: &Sheet) -> Result<Value, Problem> {
        let mut fields = sheet.fields.clone();
        // Before the columns are gathered: afterwards a figure in every row looks like a figure with its sd.
        if sheet.table {
            reading::single(&mut fields, self.is_column)?;
        }
        (self.shape)(&mut fields, &sheet.case)?;
        (self.run)(reading::plain_keys(fields)?)
    }
}

/// The formula of a name or of a kind.
pub fn named(name: &str) -> Option<&'static Formula> {
    let name = plain(name).replace('_', "-");
    let is = |other: &&str| other.replace('_', "-") == name;
    ALL.iter().find(|one| is(&one.name) || one.aliases.iter().any(is))
}

/// The formula that a sheet asks for by its `kind`.
pub fn of_kind(sheet: &Sheet) -> Result<&'static Formula, Problem> {
    let names = || ALL.iter().map(|one| one.name).collect::<Vec<_>>().join(", ");
    match &sheet.kind {
        None => Err(Problem::missing("kind", "which formula it is, or name the formula on the command line")),
        Some(kind) => named(kind).ok_or_else(|| {
            Problem::unreadable("kind", format!("`{kind}` is no formula; there are {}", names()))
        }),
    }
}

fn run<G: DeserializeOwned, A: Serialize>(
    fields: Fields,
    solve: fn(&G) -> Result<A, Problem>,
) -> Result<Value, Problem> {
    let answer = solve(&reading::typed(fields)?)?;
    serde_json::to_value(answer).map_err(|error| Problem::unreadable("answer", error))
}

fn as_it_is(_: &mut Fields, _: &Fields) -> Result<(), Problem> {
    Ok(())
}

fn none(_: &str) -> bool {
    false
}

/// All formulae.
pub const ALL: &[Formula] = &[
    Formula {
        name: "bench",
        aliases: &["bench_two_product", "bench_n_product", "bench_balance", "bench_test", "products"],
        about: "Balance of a bench test: weight, calculated head and distribution of every product",
        example: r#"{"weights_g": [45.3, 952.1], "assays_pct": [26.9, 0.072], "assayed_head_pct": 1.31}"#,
        is_column: |name| {
            let one = ["assayed_head", "head", "feed", "charge"];
            !one.iter().any(|start| name.starts_with(start))
        },
        shape: |fields, _| {
            shape::assays_by_element(fields);
            Ok(())
        },
        run: |fields| run(fields, bench::solve),
    },
    Formula {
        name: "two-product",
        aliases: &["two_product", "two_product_formula", "recovery"],
        about: "Two-product formula: recovery and mass pull from three assays, with their doubt",
        example: r#"{"feed": [1.29, 0.02], "concentrate": [26.9, 0.15], "tail": [0.072, 0.003]}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, two_product::solve),
    },
    Formula {
        name: "three-product",
        aliases: &["three_product", "n_product", "three_product_formula", "n_product_formula"],
        about: "Three-product formula and its kin: one metal fewer than products",
        example: r#"{"feed": {"pb": 6.2, "zn": 8.2}, "pb_conc": {"pb": 71.8, "zn": 6.2},
  "zn_conc": {"pb": 1.6, "zn": 57.8}, "tail": {"pb": 0.4, "zn": 0.6}}"#,
        is_column: |_| true,
        shape: |fields, _| shape::n_product(fields),
        run: |fields| run(fields, n_product::solve),
    },
    Formula {
        name: "period",
        aliases: &["period_closing", "check_in_check_out", "closing"],
        about: "Closes a period with its stocks: unaccounted loss, recoveries, reconciled figures",
        example: r#"{"unit": "t contained metal", "opening": [412, 6], "receipts": [1530, 9.2],
  "product": [1391.5, 4.2], "tailings": [118, 3.5], "closing": [428, 8]}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, period::solve),
    },
    Formula {
        name: "bond",
        aliases: &["bond_work_index", "bond_third_law", "bond_energy", "work_index", "bond_ball", "bond_rod"],
        about: "Bond: laboratory work index, third-law energy, operating work index",
        example: r#"{"mill": "ball", "f80_um": 2420, "p80_um": 112, "closing_screen_um": 150,
  "grams_per_revolution": 1.6, "power_kw": 3200, "throughput_t_h": 240}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, bond::solve),
    },
    Formula {
        name: "partition",
        aliases: &["partition_curve", "tromp", "efficiency_curve"],
        about: "Partition curves (Whiten, Plitt, densities): d50c, sharpness, bypass, Ep, imperfection",
        example: r#"{"size_um": [16, 26, 38, 53, 75, 106, 150, 212],
  "partition_pct": [24, 27, 33, 42, 58, 78, 93, 99]}"#,
        is_column: |name| {
            let one = ["solids", "yield", "bypass", "water", "rf_pct", "models", "model", "confidence"];
            !one.iter().any(|start| name.starts_with(start))
        },
        shape: as_it_is,
        run: |fields| run(fields, partition::solve),
    },
    Formula {
        name: "kinetics",
        aliases: &["flotation_kinetics"],
        about: "Flotation kinetics: six models fitted, with intervals, and ranked",
        example: r#"{"time_min": [0.5, 1, 2, 4, 8, 16],
  "recovery_pct": [33.1, 51.8, 70.4, 82.6, 88.3, 90.2]}"#,
        is_column: |name| !name.starts_with("model") && name != "confidence",
        shape: as_it_is,
        run: |fields| run(fields, kinetics::solve),
    },
    Formula {
        name: "locked-cycle",
        aliases: &["locked_cycle", "locked_cycle_test", "lct"],
        about: "Locked-cycle test: stability, SME projection, concentrate production, n-product formula",
        example: r#"{"conc_g": [31.2, 38.9, 42.7, 44.1, 44.6, 44.4],
  "conc_cu_pct": [27.9, 26.4, 25.6, 25.3, 25.2, 25.25],
  "tail_g": [902, 931, 945, 953.5, 955.2, 955], "tail_cu_pct": [0.081, 0.092, 0.098, 0.101, 0.1025, 0.102],
  "fresh_feed_g_per_cycle": 1000, "fresh_feed_cu_pct": 1.225}"#,
        is_column: |name| {
            let one = ["fresh_feed", "feed", "last", "n_last", "stability"];
            !one.iter().any(|start| name.starts_with(start))
        },
        shape: |fields, _| {
            shape::locked_cycle(fields);
            Ok(())
        },
        run: |fields| run(fields, locked_cycle::solve),
    },
    Formula {
        name: "leach",
        aliases: &["leach_extraction", "leaching"],
        about: "Leach extraction by solids, by solution and by calculated head, and the closure between them",
        example: r#"{"head_mass_g": 500, "head_grade_g_t": 3.4, "residue_mass_g": 492,
  "residue_grade_g_t": 0.31,
  "solution_volume_ml": 1150, "solution_conc_mg_l": 1.32}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, leach::solve),
    },
    Formula {
        name: "sx-mccabe",
        aliases: &["sx_mccabe", "mccabe_thiele", "sx", "sx_mccabe_thiele", "mccabe"],
        about: "Solvent extraction: McCabe–Thiele stages on any isotherm; cross-current beside it",
        example: r#"{"feed": 2.5, "org_in": 0.15, "target_raffinate": 0.2, "O_over_A": 1.2,
  "isotherm": "y=7.5x/(0.9+x)"}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, sx::solve),
    },
    Formula {
        name: "kremser",
        aliases: &["sx_kremser", "sx_linear", "cross_current"],
        about: "Solvent extraction on a straight isotherm: Kremser counter-current, and cross-current",
        example: r#"{"D": 5, "O_over_A": 1, "N": 3}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, kremser::solve),
    },
    Formula {
        name: "gy",
        aliases: &["gy_sampling", "sampling"],
        about: "Gy: minimum sample mass of each stage, or the fundamental error of masses taken; segregation",
        example: r#"{"ore_assay_pct": 5, "mineral_assay_pct": 86.6, "rel_error_pct": 2,
  "liberation_cm": 0.015,
  "rho_mineral": 7.5, "rho_gangue": 2.65, "F95_over_F5": 5, "safety": 2,
  "top_size_cm": [2.5, 0.5, 0.1, 0.004]}"#,
        is_column: |name| name.starts_with("top_size") || name.contains("mass"),
        shape: |fields, case| {
            shape::top_sizes(fields, case);
            Ok(())
        },
        run: |fields| run(fields, gy::solve),
    },
    Formula {
        name: "grade-recovery",
        aliases: &["grade_recovery", "grade_recovery_curve"],
        about: "Grade–recovery curve from products in the order they came off, with separation efficiency",
        example: r#"{"products": ["conc 1", "conc 2", "conc 3", "tail"], "weights_g": [22, 18, 25, 935],
  "assays_pct": [28.4, 17.2, 6.1, 0.11], "mineral_assay_pct": 34.6}"#,
        is_column: |name| !name.starts_with("mineral") && name != "order",
        shape: |fields, _| {
            shape::assays_by_element(fields);
            Ok(())
        },
        run: |fields| run(fields, grade_recovery::solve),
    },
    Formula {
        name: "separation-efficiency",
        aliases: &["separation_efficiency", "schulz"],
        about: "Separation efficiency (Schulz) of one concentrate",
        example: r#"{"feed_pct": 1, "concentrate_pct": 42, "mineral_assay_pct": 78.6, "recovery_pct": 72}"#,
        is_column: none,
        shape: as_it_is,
        run: |fields| run(fields, separation_efficiency::solve),
    },
    Formula {
        name: "doe",
        aliases: &["factorial", "yates", "2k_factorial"],
        about: "Effects and interactions of a 2^k factorial design",
        example: r#"{"order": "Yates; A=collector, B=pH, C=grind",
  "y": [81.2, 84.9, 79.8, 86.3, 82.4, 85.8, 80.9, 88.6]}"#,
        is_column: |_| true,
        shape: |fields, _| {
            shape::runs(fields);
            Ok(())
        },
        run: |fields| run(fields, doe::solve),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_alias_leads_to_one_formula() {
        for one in ALL {
            for name in std::iter::once(&one.name).chain(one.aliases) {
                assert_eq!(named(name).map(|found| found.name), Some(one.name), "{name}");
            }
        }
    }

    #[test]
    fn every_example_is_worked_out() {
        for one in ALL {
            let sheet = Sheet::parse(one.example).unwrap();
            let answer = one.answer(&sheet).unwrap_or_else(|problem| panic!("{}: {problem}", one.name));
            assert!(answer.is_object(), "{}", one.name);
        }
    }
}
