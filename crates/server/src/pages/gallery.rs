//! The gallery: every page and part from its samples.

use site::{Miss, View, Visit};

use crate::assemble;

pub fn index(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let entries = assemble::gallery();
    let names: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    let body = ui::gallery::index(visit.words, "/gallery", &entries);
    Ok(View::new(visit.words.t("kit-gallery"), body, &names))
}

pub fn entry(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let name = visit.path.get("name").cloned().unwrap_or_default();
    let entry = assemble::gallery().into_iter().find(|entry| entry.name == name);
    let Some(entry) = entry else { return Err(Miss::NoSuch(name)) };
    let body = ui::gallery::show(visit.words, &entry);
    let home = ui::Link::new(visit.words.t("kit-gallery"), "/gallery");
    Ok(View::new(entry.name, body, &entry.name).under(home))
}
