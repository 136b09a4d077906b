//! Line icons, 16 × 16, drawn in the text's colour. An icon never stands alone for a meaning: words go with
//! it.

use maud::{Markup, Render, html};

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A ring with a tick.
    Pass,
    /// A triangle with an exclamation mark.
    Warning,
    /// An octagon with a cross.
    Fail,
    /// A ring with two bars.
    Held,
    /// A small ring.
    Neutral,
    /// A sun over a line.
    Today,
    /// An arrow into a tray.
    Intake,
    /// A flask.
    Flask,
    /// A heap.
    Lot,
    /// Scales.
    Balance,
    /// A shield.
    Quality,
    /// A magnifier.
    Search,
    /// A gear wheel.
    Plant,
    /// Two persons.
    People,
    /// A gavel's column.
    Governance,
    /// A chain.
    Ledger,
    /// Three bars.
    Menu,
    /// A person.
    Person,
    /// An arrow down into a line.
    Download,
    /// A sheet of paper.
    File,
    /// A padlock.
    Lock,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Pass => "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M4.8 8.2l2.3 2.3l4.1-4.6",
            Icon::Warning => "M8 2L15 14H1ZM8 6.4v3.4M8 11.4v.8",
            Icon::Fail => {
                "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3L1.5 10.7V5.3ZM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"
            }
            Icon::Held => "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M6.2 5.4v5.2M9.8 5.4v5.2",
            Icon::Neutral => "M8 4.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7",
            Icon::Today => "M2 12.5h12M4 12.5a4 4 0 0 1 8 0M8 3v2.4M2.6 6.4l1.6 1.5M13.4 6.4l-1.6 1.5",
            Icon::Intake => "M2 9.5v4h12v-4M8 2v7.6M4.8 6.6L8 9.8l3.2-3.2",
            Icon::Flask => {
                "M6 1.8h4M6.8 1.8v4.4L2.6 13.4a.8.8 0 0 0 .7 1.1h9.4a.8.8 0 0 0 .7-1.1L9.2 6.2V1.8M4.8 10h6.4"
            }
            Icon::Lot => "M1.5 13.5L6 5l2.6 4.6l1.6-2.4l4.3 6.3Z",
            Icon::Balance => "M8 2v12M4.5 14h7M2.5 4.5h11M4 4.5L2 9.5h4ZM12 4.5l-2 5h4Z",
            Icon::Quality => {
                "M8 1.6l5.5 2v4.2c0 3.2-2.3 5.4-5.5 6.6c-3.2-1.2-5.5-3.4-5.5-6.6V3.6ZM5.4 8l1.9 1.9l3.4-3.8"
            }
            Icon::Search => "M7 2.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 0 1 0-9.6M10.6 10.6L14.2 14.2",
            Icon::Plant => "M1.8 14V7l4 2.4V7l4 2.4V2.4h3.4L14.2 14Z",
            Icon::People => {
                "M5.6 2.6a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6\
                 M1.4 13.4c0-3 1.8-4.4 4.2-4.4s4.2 1.4 4.2 4.4\
                 M10.6 3a2 2 0 0 1 0 4M11.4 9.2c2 .2 3.2 1.6 3.2 4.2"
            }
            Icon::Governance => "M1.8 6L8 2l6.2 4ZM3.6 6v6M6.6 6v6M9.4 6v6M12.4 6v6M1.8 13.8h12.4",
            Icon::Ledger => {
                "M6.6 9.4L9.4 6.6M7.4 4.6l1.8-1.8a2.8 2.8 0 0 1 4 4l-1.8 1.8\
                 M8.6 11.4l-1.8 1.8a2.8 2.8 0 0 1-4-4l1.8-1.8"
            }
            Icon::Menu => "M2 4h12M2 8h12M2 12h12",
            Icon::Person => "M8 2a3 3 0 1 1 0 6a3 3 0 0 1 0-6M2.4 14.2c0-3.4 2.4-5 5.6-5s5.6 1.6 5.6 5",
            Icon::Download => "M8 2v8.4M4.6 7.2L8 10.6l3.4-3.4M2.4 13.8h11.2",
            Icon::Lock => "M3 7.2h10v7H3ZM5 7.2V4.8a3 3 0 0 1 6 0v2.4M8 10v1.8",
            Icon::File => "M3.5 1.5h6l3 3v10h-9ZM9.5 1.5v3h3",
        }
    }
}

impl Render for Icon {
    fn render(&self) -> Markup {
        html! {
            svg.icon viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false" {
                path d=(self.path()) {}
            }
        }
    }
}
