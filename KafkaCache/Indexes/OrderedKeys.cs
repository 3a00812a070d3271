namespace KafkaCaching.Indexes;

/// <summary>The rows of the keys, in the order of the keys' bytes, in leaves of up to 512 rows. The lock of <see cref="IndexSet"/> guards
/// them.</summary>
internal sealed class OrderedKeys(KeyTable keys)
{
    private const int LeafSize = 512;
    private const int PrefetchedKeys = 8;

    private readonly List<Leaf> _leaves = [];

    public long Bytes => (long)_leaves.Count * (LeafSize * sizeof(int) + 48);

    public void Add(int row)
    {
        if (_leaves.Count == 0)
            _leaves.Add(new Leaf());
        var at = LeafFor(keys[row]);
        if (_leaves[at].Count == LeafSize)
        {
            _leaves.Insert(at + 1, _leaves[at].Split());
            at = LeafFor(keys[row]);
        }

        var leaf = _leaves[at];
        leaf.Insert(Lower(leaf, keys[row]), row);
    }

    public void Remove(int row)
    {
        var at = LeafFor(keys[row]);
        var leaf = _leaves[at];
        leaf.RemoveAt(Lower(leaf, keys[row]));
        if (leaf.Count == 0)
            _leaves.RemoveAt(at);
    }

    /// <summary>Adds keys to a list, in order, starting at a given key.</summary>
    /// <param name="from">The lowest key to add.</param>
    /// <param name="isAfter">Whether the lowest key itself is left out.</param>
    /// <param name="end">The first key to leave out at the end; <see langword="null"/> to continue up to the last key.</param>
    /// <param name="max">The maximum number of keys to add.</param>
    /// <param name="found">Receives copies of the keys.</param>
    public void AddFrom(ReadOnlySpan<byte> from, bool isAfter, byte[]? end, int max, List<byte[]> found)
    {
        if (_leaves.Count == 0)
            return;
        var at = LeafFor(from);
        for (var i = Lower(_leaves[at], from); at < _leaves.Count; at++, i = 0)
        {
            for (var leaf = _leaves[at]; i < leaf.Count; i++)
            {
                if (i + PrefetchedKeys < leaf.Count)
                    keys.PrefetchRow(leaf[i + PrefetchedKeys]);
                var key = keys[leaf[i]];
                if (isAfter && key.SequenceEqual(from))
                    continue;
                if (found.Count == max || (end is not null && key.SequenceCompareTo(end) >= 0))
                    return;
                found.Add(key.ToArray());
            }
        }
    }

    /// <summary>Returns the index of the last leaf whose first key is not greater than the given key.</summary>
    private int LeafFor(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, _leaves.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (keys[_leaves[middle][0]].SequenceCompareTo(key) <= 0)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>Returns the position in a leaf of the first key that is not less than the given key.</summary>
    private int Lower(Leaf leaf, ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, leaf.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (keys[leaf[middle]].SequenceCompareTo(key) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private sealed class Leaf
    {
        private readonly int[] _rows = new int[LeafSize];

        public int Count { get; private set; }

        public int this[int i] => _rows[i];

        public void Insert(int at, int row)
        {
            Array.Copy(_rows, at, _rows, at + 1, Count - at);
            _rows[at] = row;
            Count++;
        }

        public void RemoveAt(int at)
        {
            Count--;
            Array.Copy(_rows, at + 1, _rows, at, Count - at);
        }

        public Leaf Split()
        {
            var upper = new Leaf { Count = Count - Count / 2 };
            Count /= 2;
            Array.Copy(_rows, Count, upper._rows, 0, upper.Count);
            return upper;
        }
    }
}
