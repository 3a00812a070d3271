using KafkaCaching.Encodings;
using KafkaCaching.Store;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Indexes;

/// <summary>Runs the selectors of the indexes. An applier calls <see cref="Prepare"/> before the write, so that the store is not changed if
/// a selector throws. For an entry that reappears because another record was retracted, the selectors run again during the write.</summary>
internal sealed class EntryIndexer<TValue>(
    IReadOnlyList<IIndexDefinition<TValue>> definitions, bool ordersKeys, Codec<TValue> values, IStateStore store, long memoryBudget,
    string cache)
    : EntryIndexer(new IndexSet([.. definitions.Select(static one => (one.Name, one.IsUnique))], ordersKeys))
{
    // The bytes are counted only once per this many updates, because counting takes longer than an update.
    private const int UpdatesBetweenCounts = 1024;

    private readonly List<ulong>[] _terms = [.. definitions.Select(static _ => new List<ulong>())];
    private bool _isPrepared;
    private int _updates;

    /// <summary>Runs the selectors on the value that will be written next.</summary>
    public void Prepare(TValue value)
    {
        Select(value);
        _isPrepared = true;
    }

    /// <summary>Runs the selectors on a value to find out whether they throw. The terms are not used.</summary>
    public void Check(TValue value) => Select(value);

    /// <exception cref="StoreFullException">The indexes and the store together have used up the memory budget.</exception>
    public override void Writing(in EntryChange change)
    {
        if (Leaves(change))
            return;
        RequireRoom();
        if (!_isPrepared)
            Select(values.Decode(change.Value));
        _isPrepared = false;
        Indexes.Begin(change.Key, _terms);
    }

    public override void Written(in EntryChange change, bool happened)
    {
        if (!Leaves(change))
        {
            if (happened)
                Indexes.Commit(_terms);
            else
                Indexes.RollBack();
        }
        else if (happened)
        {
            Indexes.Remove(change.Key);
        }
    }

    private static bool Leaves(in EntryChange change) => change.Removes || change.Metadata.IsQuarantined;

    private void Select(TValue value)
    {
        for (var i = 0; i < _terms.Length; i++)
        {
            _terms[i].Clear();
            definitions[i].AddHashes(value, _terms[i]);
        }
    }

    private void RequireRoom()
    {
        if (++_updates % UpdatesBetweenCounts != 0 || store.MemoryBytes + Indexes.Bytes <= memoryBudget)
            return;
        throw new StoreFullException(
            $"The store of '{cache}' and its indexes ({Indexes.Bytes:N0} bytes) take more than Store.MemoryBudget ({memoryBudget:N0} "
            + "bytes). Raise the budget, or declare fewer indexes.");
    }
}
