//! The demo institute: an invented season of an invented institute, made only by the commands that people
//! give and the files that instruments write.
//!
//! Two lines run from 3 August to 20 November 2026. Ore becomes battery-grade manganese sulphate
//! ([`manganese`]), concentrate becomes lanthanum-cerium carbonate and praseodymium-neodymium oxide
//! ([`rare_earth`]). What is made is sampled, measured ([`laboratory`], from files that [`instrument`]
//! writes), judged, and released or not ([`quality`]). The metal is balanced month by month ([`balance`]).
//! Things go wrong on purpose: a contaminated lot and its rework, a failed control, a concession, a hold that
//! follows material to a customer, a lapsed authorisation, spilt liquor. Names say that all of it is
//! synthetic.
//!
//! The story has its own calendar and its own chance, so every institute made is the same one, up to the
//! salts of passwords.

mod balance;
pub(crate) mod chance;
mod grinding;
mod institute;
mod instrument;
mod laboratory;
mod manganese;
mod people;
mod plant;
mod quality;
mod rare_earth;
mod rows;
mod story;
mod tour;

use anyhow::Result;
use clap::ArgMatches;

use crate::config::Settings;
use crate::exit::Exit;

/// Makes the institute in the data folder of the settings and prints the tour.
pub fn run(own: &ArgMatches, settings: &Settings) -> Result<Exit> {
    print!("{}", story::make(&settings.data, own.get_flag("receipts"))?);
    Ok(Exit::Ok)
}

/// A day on which the lines run and the laboratory measures.
struct Run {
    /// Its place in the season.
    index: usize,
    /// `2026-08-13`.
    day: String,
    /// `0813`: what the day's lots are called after.
    short: String,
}

impl Run {
    fn new(index: usize, day: &str) -> Self {
        Run { index, day: day.to_owned(), short: day[5..].replace('-', "") }
    }

    /// Every second day the rare-earth line runs as well.
    fn separates(&self) -> bool {
        self.index.is_multiple_of(2)
    }

    /// A local time of the day.
    fn at(&self, time: &str) -> String {
        format!("{} {time}", self.day)
    }

    /// `13/08/2026`.
    fn european(&self) -> String {
        format!("{}/{}/{}", &self.day[8..], &self.day[5..7], &self.day[..4])
    }

    /// `2026/08/13`.
    fn slashed(&self) -> String {
        self.day.replace('-', "/")
    }
}
