//! Signing in and out.

use authority::SignInError;
use kernel::Via;
use maud::html;
use site::{Miss, View, Visit};
use ui::kit::form::{Field, FieldKind, Form};
use ui::kit::record::page_head;

use crate::app::App;
use crate::call::{Call, Reply};
use crate::door::{self, Reader};
use crate::routes::Parts;
use crate::show;

/// A session's cookie lives as long as the session: 12 hours.
const SESSION_SECONDS: i64 = 12 * 3600;

/// The empty form.
pub fn page(visit: &mut Visit<'_>) -> Result<View, Miss> {
    let back = visit.asked("return_to").to_owned();
    view(visit, &back, "", None)
}

fn view(visit: &mut Visit<'_>, back: &str, login: &str, error: Option<String>) -> Result<View, Miss> {
    let words = visit.words;
    let mut form = Form::new("sign-in", "/sign-in", visit.csrf, words.t("kit-sign-in"));
    form.return_to = Some(door::local(back).to_owned());
    form.error = error;
    let form = form
        .field(Field::new("user_name", words.t("sign-in-login"), FieldKind::Text).value(login).required())
        .field(
            Field::new("password", words.t("sign-in-password"), FieldKind::Password { new: false })
                .required(),
        );
    let body = html! {
        (page_head(&words.t("sign-in-title"), Some(&words.t("sign-in-lead")), None))
        (form.render(words))
    };
    Ok(View::new(words.t("sign-in-title"), body, &()))
}

/// `POST /sign-in`.
pub fn enter(app: &App, reader: &Reader, call: &Call) -> Result<Reply, Miss> {
    let (login, back) = (call.field("user_name"), call.field("return_to"));
    match authority::sign_in(&app.store, login, call.field("password"), Via::Page) {
        Ok(signed) => {
            let reply = Reply::see_other(door::local(back));
            Ok(reply.cookie(door::SESSION, &signed.cookie_secret, SESSION_SECONDS, call.is_secure()))
        }
        Err(SignInError::Store(error)) => Err(error.into()),
        Err(error) => {
            let view = app.visit(reader, call, Parts::new(), |visit| {
                let said = match &error {
                    SignInError::Locked { until } => {
                        let until = visit.words.instant(until.timestamp());
                        visit.words.tv("sign-in-locked", &[("until", until.into())])
                    }
                    _ => visit.words.t("sign-in-wrong"),
                };
                view(visit, back, login, Some(said))
            })?;
            Ok(show::framed(app, reader, call, 422, "", view))
        }
    }
}

/// `POST /sign-out`.
pub fn leave(app: &App, reader: &Reader, call: &Call) -> Result<Reply, Miss> {
    if let Some(session) = reader.known.as_ref().and_then(|known| known.session) {
        authority::sign_out(&app.store, session)?;
    }
    Ok(Reply::see_other("/sign-in").cookie(door::SESSION, "", 0, call.is_secure()))
}
