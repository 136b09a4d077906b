//! What to look at first: printed when the institute is made.

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use kernel::Ref;

use super::institute::Institute;
use super::people::{PASSWORD, PEOPLE};
use super::rows;

/// A short tour of the institute.
pub struct Tour {
    folder: PathBuf,
    counts: rows::Counts,
    held: Ref,
    shipped: Ref,
    ready: Ref,
    traced: Ref,
    result: Ref,
    certificates: Vec<rows::Certificate>,
}

impl Tour {
    pub(super) fn of(institute: &Institute) -> Result<Self> {
        let store = &institute.store;
        Ok(Tour {
            folder: store.folder().to_owned(),
            counts: rows::counts(store)?,
            held: institute.record("MS-1027")?,
            shipped: institute.record("MS-1027/S1")?,
            ready: institute.record("MS-1116")?,
            traced: institute.record("MB-0817")?,
            result: rows::result(store, "MS-0827-1", "Mn")?.into(),
            certificates: rows::certificates(store)?,
        })
    }
}

impl fmt::Display for Tour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (folder, c) = (self.folder.display(), &self.counts);
        writeln!(f, "The demo institute stands in {folder}. Everything in it is synthetic.")?;
        writeln!(
            f,
            "  {} people, {} lots ({} held), {} results, {} certificates.\n",
            c.people, c.lots, c.held, c.results, c.certificates
        )?;
        writeln!(f, "Serve it:    orepass serve --data {folder}       then open http://127.0.0.1:8480")?;
        writeln!(f, "Password of all accounts: {PASSWORD}")?;
        for (login, _, en, zh, roles) in PEOPLE {
            let roles: Vec<&str> = roles.iter().map(|role| role.word()).collect();
            writeln!(f, "  {login:<14} {en}, {zh} ({})", roles.join(", "))?;
        }
        let at = "http://127.0.0.1:8480";
        writeln!(f, "\nLook at:")?;
        writeln!(f, "  what waits for you                    {at}/")?;
        writeln!(f, "  a held lot, and why                   {at}/quality/release/{}", self.held)?;
        writeln!(f, "  what of it is at a customer           {at}/trace/{}", self.shipped)?;
        writeln!(f, "  a lot ready to be released            {at}/quality/release/{}", self.ready)?;
        writeln!(f, "  where a blend comes from              {at}/trace/{}", self.traced)?;
        writeln!(f, "  where a number comes from             {at}/explain/{}", self.result)?;
        writeln!(f, "  what breaks a month's metal balance   {at}/balance")?;
        for (id, code, revision, later) in &self.certificates {
            let state = later.map_or_else(|| "current".to_owned(), |later| format!("superseded by {later}"));
            writeln!(f, "  certificate {code:<16} rev. {revision}     {at}/certificates/{id}   {state}")?;
        }
        Ok(())
    }
}
