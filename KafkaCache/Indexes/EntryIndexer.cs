using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>Updates the indexes of one generation whenever its store is written to. Use it only on the replay thread.</summary>
internal abstract class EntryIndexer(IndexSet indexes)
{
    /// <summary>The indexes. Any thread may read them.</summary>
    public IndexSet Indexes => indexes;

    public abstract void Writing(in EntryChange change);

    public abstract void Written(in EntryChange change, bool happened);
}
