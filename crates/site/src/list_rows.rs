//! One way for all lists: a page of rows, sorted by a column that is allowed, narrowed by words and
//! facets.

use kernel::Ref;
use store::{Db, Row, StoreError, Value};
use ui::Words;
use ui::kit::blocks::Empty;
use ui::kit::query::TableQuery;
use ui::kit::table::Table;

/// A list as SQL. Nothing of the reader's ever becomes part of the statement.
pub struct ListSql {
    /// What is selected.
    pub columns: &'static str,
    /// From which tables.
    pub from: &'static str,
    /// The one table that has a row for each; counted alone unless words or conditions are looked for.
    pub main: &'static str,
    /// In which expressions the filter's words are looked for.
    pub searched: &'static [&'static str],
    /// By what one may sort: the column's key and its expression.
    pub sorts: &'static [(&'static str, &'static str)],
    /// What narrows it: the key in the address, the column, and whether that holds a record's number.
    pub facets: &'static [(&'static str, &'static str, bool)],
    /// The order otherwise, ending in a unique column.
    pub order: &'static str,
}

/// A further condition with its value; `@` stands for the value's place.
pub type Condition = (&'static str, Value<'static>);

impl ListSql {
    /// The rows of the query's page, and how many there are on all.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn fetch<T>(
        &self,
        db: &mut Db,
        query: &TableQuery,
        further: &[Condition],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<(Vec<T>, usize), StoreError> {
        let (condition, mut values) = self.condition(query, further);
        let alone = query.filter.is_empty() && further.is_empty();
        let counted = if alone { self.main } else { self.from };
        let count = format!("SELECT COUNT(*) FROM {counted} WHERE {condition}");
        let total = db.one("rows", &count, &values, |row| row.number(0))?;
        let at = values.len();
        let (columns, from, order) = (self.columns, self.from, self.order(query));
        let sql = format!(
            "SELECT {columns} FROM {from} WHERE {condition} ORDER BY {order} LIMIT ?{} OFFSET ?{}",
            at + 1,
            at + 2
        );
        values.push(query.page_size.into());
        values.push(query.offset().into());
        Ok((db.query(&sql, &values, map)?, total as usize))
    }

    fn condition(&self, query: &TableQuery, further: &[Condition]) -> (String, Vec<Value<'static>>) {
        let (mut parts, mut values) = (vec!["1 = 1".to_owned()], Vec::new());
        for word in query.filter.split_whitespace().take(8) {
            let plain = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            values.push(Value::from(format!("%{plain}%")));
            let at = values.len();
            let found: Vec<String> =
                self.searched.iter().map(|place| format!("LOWER({place}) LIKE ?{at} ESCAPE '\\'")).collect();
            parts.push(format!("({})", found.join(" OR ")));
        }
        for (key, column, number) in self.facets {
            let Some(asked) = query.other(key) else { continue };
            values.push(match number {
                true => Value::from(asked.parse::<Ref>().map(|record| record.number).unwrap_or_default()),
                false => Value::from(asked.to_owned()),
            });
            parts.push(format!("{column} = ?{}", values.len()));
        }
        for (condition, value) in further {
            values.push(value.clone());
            parts.push(format!("({})", condition.replace('@', &format!("?{}", values.len()))));
        }
        (parts.join(" AND "), values)
    }

    fn order(&self, query: &TableQuery) -> String {
        let wanted = query.sort.as_deref();
        let direction = if query.descending { "DESC" } else { "ASC" };
        match self.sorts.iter().find(|(key, _)| Some(*key) == wanted) {
            Some((_, expression)) => format!("{expression} {direction}, {}", self.order),
            None => self.order.to_owned(),
        }
    }
}

/// A table that belongs to an address: `lots` is titled `list-lots` and empty as `empty-lots` says.
pub fn listed(words: &Words, name: &str, query: &TableQuery, total: usize, plain: Table) -> Table {
    let empty = format!("empty-{name}");
    Table {
        query: query.clone(),
        total,
        filter: true,
        exports: true,
        empty: Empty::new(words.t(&empty), words.t(&format!("{empty}.hint"))),
        ..plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_asks_becomes_values_never_sql() {
        let list = ListSql {
            columns: "number",
            from: "lot",
            main: "lot",
            searched: &["code"],
            sorts: &[("code", "code")],
            facets: &[("material", "material", true), ("state", "state", false)],
            order: "number",
        };
        let pairs = [("q", "50%_x"), ("state", "'; DROP"), ("material", "material-7"), ("sort", "1; DROP")];
        let further = [("number > @ OR number < @", Value::from(9u64))];
        let (condition, values) = list.condition(&TableQuery::from_pairs("/lots", pairs), &further);
        let expected = "1 = 1 AND (LOWER(code) LIKE ?1 ESCAPE '\\') AND material = ?2 AND state = ?3 \
                        AND (number > ?4 OR number < ?4)";
        assert_eq!(condition, expected);
        let given: [Value<'_>; 4] = ["%50\\%\\_x%".into(), 7u64.into(), "'; DROP".into(), 9u64.into()];
        assert_eq!(values, given);
        assert_eq!(list.order(&TableQuery::from_pairs("/lots", pairs)), "number");
        assert_eq!(list.order(&TableQuery::from_pairs("/lots", [("sort", "-code")])), "code DESC, number");
    }
}
