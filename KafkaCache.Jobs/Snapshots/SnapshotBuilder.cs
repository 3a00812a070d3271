using System.Collections.Frozen;

namespace KafkaCaching.Jobs.Snapshots;

/// <summary>Builds the collections of a version.</summary>
internal sealed class SnapshotBuilder<TKey, TRow>(Func<TRow, IComparable?>? orderBy, IReadOnlyList<GroupDefinition<TRow>> groups)
    where TKey : notnull
{
    public Snapshot<TKey, TRow> Build(Manifest manifest, IReadOnlyCollection<StagedRow<TKey, TRow>> rows)
    {
        StagedRow<TKey, TRow>[] ordered = Ordered(rows);
        TRow[] items = Array.ConvertAll(ordered, static one => one.Row);
        TKey[] keys = Array.ConvertAll(ordered, static one => one.Key);
        return new Snapshot<TKey, TRow>(
            manifest.Version, manifest.FetchedAt, ordered.ToFrozenDictionary(static one => one.Key, static one => one.Row),
            Array.AsReadOnly(keys), Array.AsReadOnly(items),
            groups.ToFrozenDictionary(static group => group.Name, group => Grouped(group, items), StringComparer.Ordinal));
    }

    private StagedRow<TKey, TRow>[] Ordered(IReadOnlyCollection<StagedRow<TKey, TRow>> rows)
    {
        StagedRow<TKey, TRow>[] all = [.. rows];
        if (orderBy is null)
        {
            Array.Sort(all, static (left, right) => string.CompareOrdinal(left.TableKey, right.TableKey));
            return all;
        }

        // Rows that compare as equal are ordered by their IDs, so that all instances have the same order.
        var by = Array.ConvertAll(all, one => (Order: orderBy(one.Row), one.TableKey));
        Array.Sort(by, all, Comparer<(IComparable? Order, string TableKey)>.Create(static (left, right) =>
            Compare(left.Order, right.Order) is var order and not 0 ? order : string.CompareOrdinal(left.TableKey, right.TableKey)));
        return all;
    }

    private static int Compare(IComparable? left, IComparable? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (string a, string b) => string.CompareOrdinal(a, b),
        _ => left.CompareTo(right),
    };

    private static FrozenDictionary<object, IReadOnlyList<TRow>> Grouped(GroupDefinition<TRow> group, TRow[] items)
    {
        var byValue = new Dictionary<object, List<TRow>>();
        foreach (var row in items)
        {
            if (group.Of(row) is not { } value)
                continue;
            if (!byValue.TryGetValue(value, out var members))
                byValue.Add(value, members = []);
            members.Add(row);
        }

        return byValue.ToFrozenDictionary(static one => one.Key, static one => (IReadOnlyList<TRow>)one.Value.AsReadOnly());
    }
}
