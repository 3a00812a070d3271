using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>Keeps the indexes of one generation in step with its store. It is used on the replay thread only.</summary>
internal abstract class EntryIndexer(IndexSet indexes)
{
    /// <summary>The indexes, which any thread may read.</summary>
    public IndexSet Indexes => indexes;

    public abstract void Writing(in EntryChange change);

    public abstract void Written(in EntryChange change, bool happened);
}
