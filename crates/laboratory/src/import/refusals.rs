//! Why an import, a chunk of it or a decision about it is refused.

use kernel::{ImportId, Refusal, Refuse};

use super::NoDateOrder;

/// Why not, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoImport {
    /// There is no such import or reading.
    Unknown(String),
    /// The same file was imported by the same mapping before.
    Repeated(ImportId),
    /// It is finished.
    Finished(ImportId),
    /// A chunk out of turn.
    OutOfTurn {
        /// The import.
        import: ImportId,
        /// The chunk that came.
        chunk: u32,
        /// The chunk that should.
        next: u32,
    },
    /// Its dates do not tell day from month, and nobody has said.
    AsksDateOrder(ImportId),
    /// It does not ask for the order of day and month.
    NoDateQuestion(ImportId),
    /// The stated order cannot be true of its dates.
    DateOrder(ImportId, NoDateOrder),
    /// Some readings are not recorded yet.
    Unfinished(ImportId),
    /// The reading does not wait for a decision.
    Settled(String),
    /// The decision needs a sample or reference material that was not named, or does not exist.
    Names(&'static str),
    /// It is still not clear what it is.
    StillAsks(String, String),
    /// A mapping that cannot be read.
    Mapping(String),
    /// There is such a mapping.
    MappingTaken(String),
    /// The zone is not known.
    Zone(String),
    /// The worksheet was opened for another method.
    WorksheetMethod(String, String),
}

impl Refuse for NoImport {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.5.1";
        match self {
            NoImport::Unknown(what) => Refusal::new("import-unknown", clause).with("what", what),
            NoImport::Repeated(import) => Refusal::new("import-repeated", clause).with("import", import),
            NoImport::Finished(import) => Refusal::new("import-finished", clause).with("import", import),
            NoImport::OutOfTurn { import, chunk, next } => Refusal::new("import-out-of-turn", clause)
                .with("import", import)
                .with("chunk", chunk)
                .with("next", next),
            NoImport::AsksDateOrder(import) => Refusal::new("import-asks-date-order", clause)
                .with("import", import)
                .remedy("import.state_date_order", Some((*import).into())),
            NoImport::NoDateQuestion(import) => {
                Refusal::new("import-no-date-question", clause).with("import", import)
            }
            NoImport::DateOrder(import, NoDateOrder::Fits(order)) => {
                Refusal::new("import-date-order-fits", clause)
                    .with("import", import)
                    .with("order", order)
                    .remedy("import.state_date_order", Some((*import).into()))
            }
            NoImport::DateOrder(import, NoDateOrder::Contradicts { order, date }) => {
                Refusal::new("import-date-order-contradicts", clause)
                    .with("import", import)
                    .with("order", order)
                    .with("place", &date.place)
                    .with("text", &date.text)
                    .with("only", date.order)
                    .remedy("import.state_date_order", Some((*import).into()))
            }
            NoImport::Unfinished(import) => Refusal::new("import-unfinished", clause).with("import", import),
            NoImport::Settled(what) => Refusal::new("reading-settled", clause).with("what", what),
            NoImport::Names(what) => Refusal::new("reading-names", clause).with("what", what),
            NoImport::StillAsks(question, what) => Refusal::new("reading-still-asks", clause)
                .with("question", question)
                .with("what", what)
                .remedy("reading.decide", None),
            NoImport::Mapping(why) => Refusal::new("mapping-unreadable", clause).with("why", why),
            NoImport::MappingTaken(name) => Refusal::new("mapping-taken", clause).with("name", name),
            NoImport::WorksheetMethod(code, method) => {
                Refusal::new("import-worksheet-method", clause).with("worksheet", code).with("method", method)
            }
            NoImport::Zone(zone) => Refusal::new("import-zone", clause).with("zone", zone),
        }
    }
}
