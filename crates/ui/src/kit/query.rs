//! What a table's address says: sorting, filter, columns, page. The same struct reads the address and
//! writes the links, so a table can be bookmarked, sent to a colleague and exported as it stands.

use std::collections::BTreeMap;

/// Rows on a page unless the address asks for another count.
pub const PAGE_SIZE: usize = 50;
/// The most rows one page may have.
pub const MAX_PAGE_SIZE: usize = 500;

/// Sorting, filter and page of a table, from its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableQuery {
    /// The page's path without its query.
    pub path: String,
    /// Key of the column sorted by.
    pub sort: Option<String>,
    /// Whether the sorting is from high to low.
    pub descending: bool,
    /// Words to be found; empty for all.
    pub filter: String,
    /// Columns chosen by key; empty for the default ones.
    pub columns: Vec<String>,
    /// The page, from 1.
    pub page: usize,
    /// Rows on a page, 1 to [`MAX_PAGE_SIZE`].
    pub page_size: usize,
    /// Everything else in the address, kept in all links: facets, scopes.
    pub others: BTreeMap<String, String>,
}

impl TableQuery {
    /// The default view of the table at `path`.
    pub fn new(path: impl Into<String>) -> TableQuery {
        TableQuery {
            path: path.into(),
            sort: None,
            descending: false,
            filter: String::new(),
            columns: Vec::new(),
            page: 1,
            page_size: PAGE_SIZE,
            others: BTreeMap::new(),
        }
    }

    /// The first rows of a list, as they come: for what another page shows or offers of it.
    pub fn first(rows: usize) -> TableQuery {
        TableQuery { page_size: rows, ..TableQuery::new("") }
    }

    /// Reads the decoded pairs of a query string. Values that make no sense count as absent.
    pub fn from_pairs<K: AsRef<str>, V: AsRef<str>>(
        path: impl Into<String>,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> TableQuery {
        let mut query = TableQuery::new(path);
        for (key, value) in pairs {
            let value = value.as_ref();
            match key.as_ref() {
                _ if value.is_empty() => {}
                "sort" => {
                    query.descending = value.starts_with('-');
                    query.sort = Some(value.trim_start_matches('-').to_owned());
                }
                "q" => query.filter = value.trim().to_owned(),
                "col" => query.columns.push(value.to_owned()),
                "page" => query.page = value.parse().unwrap_or(1).max(1),
                "size" => query.page_size = value.parse().unwrap_or(PAGE_SIZE).clamp(1, MAX_PAGE_SIZE),
                "format" => {}
                other => {
                    query.others.insert(other.to_owned(), value.to_owned());
                }
            }
        }
        query
    }

    /// How many rows come before this page.
    pub fn offset(&self) -> usize {
        (self.page - 1).saturating_mul(self.page_size)
    }

    /// The value of a facet.
    pub fn other(&self, key: &str) -> Option<&str> {
        self.others.get(key).map(String::as_str)
    }

    /// The address of this view.
    pub fn href(&self) -> String {
        self.href_with(&[])
    }

    /// The address of this view as a file: `csv`, `xlsx` or `json`; all rows, not one page.
    pub fn export_href(&self, format: &str) -> String {
        TableQuery { page: 1, ..self.clone() }.href_with(&[("format", format)])
    }

    /// The address of another page of this view.
    pub fn page_href(&self, page: usize) -> String {
        TableQuery { page, ..self.clone() }.href()
    }

    /// The address sorted by that column; the other way round when it already is.
    pub fn sort_href(&self, key: &str) -> String {
        let descending = self.sort.as_deref() == Some(key) && !self.descending;
        TableQuery { sort: Some(key.to_owned()), descending, page: 1, ..self.clone() }.href()
    }

    /// The pairs a form has to carry on, without the named ones.
    pub fn pairs_without(&self, left_out: &[&str]) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let sign = if self.descending { "-" } else { "" };
        pairs.extend(self.sort.as_ref().map(|key| ("sort".to_owned(), format!("{sign}{key}"))));
        if !self.filter.is_empty() {
            pairs.push(("q".to_owned(), self.filter.clone()));
        }
        pairs.extend(self.columns.iter().map(|key| ("col".to_owned(), key.clone())));
        pairs.extend(self.others.iter().map(|(key, value)| (key.clone(), value.clone())));
        if self.page_size != PAGE_SIZE {
            pairs.push(("size".to_owned(), self.page_size.to_string()));
        }
        if self.page > 1 {
            pairs.push(("page".to_owned(), self.page.to_string()));
        }
        pairs.retain(|(key, _)| !left_out.contains(&key.as_str()));
        pairs
    }

    fn href_with(&self, more: &[(&str, &str)]) -> String {
        let mut pairs = self.pairs_without(&[]);
        pairs.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        if pairs.is_empty() {
            return self.path.clone();
        }
        let parts: Vec<String> =
            pairs.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect();
        format!("{}?{}", self.path, parts.join("&"))
    }
}

/// Percent-encodes a part of a query (RFC 3986, 2.3: all but the unreserved characters).
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_reads_back_as_itself() {
        let pairs =
            [("sort", "-mass"), ("q", "La 2&3"), ("col", "a"), ("col", "b"), ("lot", "L=7"), ("page", "3")];
        let query = TableQuery::from_pairs("/lots", pairs);
        assert!(query.descending && query.page == 3 && query.other("lot") == Some("L=7"));
        assert_eq!(query.href(), "/lots?sort=-mass&q=La%202%263&col=a&col=b&lot=L%3D7&page=3");
        assert_eq!(TableQuery::from_pairs("/lots", query.pairs_without(&[])), query);
        assert_eq!(query.offset(), 100);
    }

    #[test]
    fn sorting_turns_round_and_goes_to_the_first_page() {
        let query = TableQuery::from_pairs("/t", [("page", "4"), ("sort", "a")]);
        assert_eq!(query.sort_href("a"), "/t?sort=-a");
        assert_eq!(query.sort_href("b"), "/t?sort=b");
        assert_eq!(TableQuery::new("/t").href(), "/t");
        assert_eq!(query.export_href("csv"), "/t?sort=a&format=csv");
    }

    proptest! {
        #[test]
        fn nonsense_never_panics(
            pairs in prop::collection::vec(("(sort|q|col|page|size|x)", ".{0,8}"), 0..6)
        ) {
            let query = TableQuery::from_pairs("/t", pairs);
            prop_assert!(query.page >= 1 && (1..=MAX_PAGE_SIZE).contains(&query.page_size));
            let _ = (query.offset(), query.href());
        }
    }
}
