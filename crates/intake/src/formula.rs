//! Just enough chemistry to see that two cells contradict each other: symbols and atomic numbers.

const SYMBOLS: &[&str] = &[
    "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K",
    "Ca", "Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr",
    "Rb", "Sr", "Y", "Zr", "Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe",
    "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu",
    "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra",
    "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md", "No", "Lr", "Rf", "Db",
    "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
];

/// Atomic number of a symbol.
pub(crate) fn atomic_number(symbol: &str) -> Option<u32> {
    SYMBOLS.iter().position(|one| *one == symbol).map(|index| index as u32 + 1)
}

/// The elements of a formula in order, or `None` when it is none. `SiO2`, `Fe2O3`, `Ca(OH)2`, `MnSO4·H2O`.
pub(crate) fn elements(formula: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = formula;
    if !rest.starts_with(|letter: char| letter.is_ascii_uppercase() || letter == '(') {
        return None;
    }
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_uppercase() {
            let two = rest.get(..2).filter(|two| atomic_number(two).is_some());
            let symbol = two.or_else(|| rest.get(..1).filter(|one| atomic_number(one).is_some()))?;
            found.push(symbol);
            rest = &rest[symbol.len()..];
        } else if first.is_ascii_digit() || "()[].·*+-₀₁₂₃₄₅₆₇₈₉".contains(first) {
            rest = &rest[first.len_utf8()..];
        } else {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// The element a formula reports: its first that is not oxygen or hydrogen.
pub(crate) fn principal(formula: &str) -> Option<&str> {
    let all = elements(formula)?;
    all.iter().find(|one| !["O", "H"].contains(*one)).or(all.first()).copied()
}

/// Whether this is an oxide of one element.
pub(crate) fn is_oxide(formula: &str) -> bool {
    elements(formula).is_some_and(|all| all.len() == 2 && all[1] == "O" && all[0] != "O")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulae() {
        assert_eq!(elements("Fe2O3"), Some(vec!["Fe", "O"]));
        assert_eq!(elements("MnSO4·H2O"), Some(vec!["Mn", "S", "O", "H", "O"]));
        assert_eq!(elements("Sum"), None);
        assert_eq!(principal("Al2O3"), Some("Al"));
        assert_eq!(principal("H2O"), Some("H"));
        assert!(is_oxide("SiO2") && is_oxide("SO2") && !is_oxide("Si"));
        assert_eq!(atomic_number("Fe"), Some(26));
        assert_eq!(atomic_number("Og"), Some(118));
    }
}
