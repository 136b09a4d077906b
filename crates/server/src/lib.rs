//! The server: the areas assembled into one site and one programming interface.
//!
//! It holds no rules and no SQL of areas. A request becomes a [`call::Call`]; [`door`] says who it is;
//! [`routes`] finds whose page, list, file or command it asks for; [`show`] draws it in the frame, or
//! [`act`] hands the command to the store. [`api`] answers the same as JSON, and is what the command line
//! uses as well.

mod act;
pub mod answers;
pub mod api;
mod app;
mod assemble;
mod backup;
pub mod call;
pub mod clock;
mod door;
mod form;
mod http;
mod listing;
mod openapi;
mod pages;
mod refused;
mod rim;
mod routes;
pub mod schema;
pub mod sent;
mod serve;
mod show;

pub use app::{App, Settings};
pub use assemble::{areas, catalogue, gallery, registry, sites};
pub use form::{unhinted, unlabelled, unworded};
pub use http::respond;
pub use openapi::document as openapi;
pub use serve::{ServeError, run};
pub use ui::Lang;
