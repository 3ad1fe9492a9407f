//! Saved filters of lists.

use crate::change::Tag;
use crate::error::Error;
use crate::store::Store;
use crate::table::views::{self, ViewRow};

impl Store {
    /// Every view, by name.
    pub async fn views(&self) -> Result<Vec<ViewRow>, Error> {
        self.read(views::list).await
    }

    /// Saves a view, unless there are `max` others already. Gives whether it was saved.
    pub async fn put_view(&self, view: ViewRow, max: usize) -> Result<bool, Error> {
        self.write("save a view", move |tx| {
            tx.changed([Tag::Views]);
            views::put(tx, &view, max)
        })
        .await
    }

    /// Deletes a view. Gives whether it was there.
    pub async fn delete_view(&self, name: &str) -> Result<bool, Error> {
        let name = name.to_owned();
        self.write("delete a view", move |tx| {
            tx.changed([Tag::Views]);
            views::delete(tx, &name)
        })
        .await
    }
}
