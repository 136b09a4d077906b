//! Constraints as people write them: `left:flow = 0.4 main:flow`.

use std::str::FromStr;

use crate::{Constraint, Name, Of, Term};

impl FromStr for Constraint {
    type Err = String;

    /// Terms `stream:of` with factors before them, `+` and `-` between blanks, one `=`. A name with blanks
    /// in it stands in quotes.
    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.trim().replace('＝', "=").replace('−', "-").replace(['×', '*', '·'], " ");
        let sides: Vec<&str> = plain.split('=').collect();
        let [left, right] = sides[..] else {
            return Err(format!("`{text}` has not one `=`; write it like `left:flow = 0.4 main:flow`"));
        };
        let mut constraint = Constraint { terms: Vec::new(), equals: 0.0 };
        constraint.side(left, 1.0)?;
        constraint.side(right, -1.0)?;
        if constraint.terms.is_empty() {
            return Err(format!("`{text}` names no stream; write it like `left:flow = 0.4 main:flow`"));
        }
        Ok(constraint)
    }
}

impl Constraint {
    fn side(&mut self, text: &str, side: f64) -> Result<(), String> {
        let (mut sign, mut factor) = (side, None);
        for word in words(text) {
            match word.rsplit_once(':') {
                _ if word == "+" || word == "-" => {
                    self.equals -= sign * factor.take().unwrap_or(0.0);
                    sign = if word == "-" { -side } else { side };
                }
                Some((stream, of)) => {
                    let factor = sign * factor.take().unwrap_or(1.0);
                    self.terms.push(Term { stream: Name::from(stream), of: Of::from(of), factor });
                }
                None => {
                    let number = word.parse().ok().filter(|number: &f64| number.is_finite());
                    let number = number.ok_or_else(|| {
                        format!(
                            "`{word}` is neither a number nor `stream:of`, as `main:flow`; put blanks around \
                             + and -, and quotes around a name that has some"
                        )
                    })?;
                    if factor.replace(number).is_some() {
                        return Err(format!("two numbers stand side by side before or at `{word}`"));
                    }
                }
            }
        }
        self.equals -= sign * factor.unwrap_or(0.0);
        Ok(())
    }
}

/// The words of a text; what stands in quotes stays together.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        match letter {
            '"' | '“' | '”' => quoted = !quoted,
            _ if letter.is_whitespace() && !quoted => words.push(std::mem::take(&mut word)),
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_read_as_they_are_written() {
        let term = |factor: f64, stream: &str| Term { stream: Name::from(stream), of: Of::Flow, factor };
        let read: Constraint = "2 × left:flow - \"main line\":flow + 3 = 10 − right:flow".parse().unwrap();
        let terms = vec![term(2.0, "left"), term(-1.0, "main line"), term(1.0, "right")];
        assert_eq!(read, Constraint { terms, equals: 7.0 });
        for (text, word) in [
            ("left:flow", "one `=`"),
            ("a:flow = b:flow = 1", "one `=`"),
            ("1 = 2", "names no stream"),
            ("left = 2", "`left`"),
            ("2 3 left:flow = 1", "side by side"),
            ("NaN left:flow = 1", "`NaN`"),
        ] {
            let why = text.parse::<Constraint>().unwrap_err();
            assert!(why.contains(word), "{text}: {why}");
        }
    }
}
