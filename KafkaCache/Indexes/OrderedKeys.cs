namespace KafkaCaching.Indexes;

/// <summary>The ordinals of the keys, in the order of the keys' bytes. They are kept in leaves of a few hundred. The lock of
/// <see cref="IndexSet"/> guards them.</summary>
internal sealed class OrderedKeys(KeyTable keys)
{
    private const int LeafSize = 512;

    private readonly List<Leaf> _leaves = [];

    public long Bytes => (long)_leaves.Count * (LeafSize * sizeof(int) + 48);

    public void Add(int ordinal)
    {
        if (_leaves.Count == 0)
            _leaves.Add(new Leaf());
        var at = LeafFor(keys[ordinal]);
        if (_leaves[at].Count == LeafSize)
        {
            _leaves.Insert(at + 1, _leaves[at].Split());
            at = LeafFor(keys[ordinal]);
        }

        var leaf = _leaves[at];
        leaf.Insert(Lower(leaf, keys[ordinal]), ordinal);
    }

    public void Remove(int ordinal)
    {
        var at = LeafFor(keys[ordinal]);
        var leaf = _leaves[at];
        leaf.RemoveAt(Lower(leaf, keys[ordinal]));
        if (leaf.Count == 0)
            _leaves.RemoveAt(at);
    }

    /// <summary>Adds the keys from a given one on, in order, to a list.</summary>
    /// <param name="from">The lowest key to add.</param>
    /// <param name="isAfter">Whether the lowest key itself is left out.</param>
    /// <param name="most">The maximum number of keys to add.</param>
    /// <param name="found">Receives copies of the keys.</param>
    public void AddFrom(ReadOnlySpan<byte> from, bool isAfter, int most, List<byte[]> found)
    {
        if (_leaves.Count == 0)
            return;
        var at = LeafFor(from);
        for (var i = Lower(_leaves[at], from); at < _leaves.Count; at++, i = 0)
        {
            for (; i < _leaves[at].Count; i++)
            {
                var key = keys[_leaves[at][i]];
                if (isAfter && key.SequenceEqual(from))
                    continue;
                if (found.Count == most)
                    return;
                found.Add(key.ToArray());
            }
        }
    }

    /// <summary>Returns the index of the last leaf whose first key is not greater than the key.</summary>
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

    /// <summary>Returns the place in a leaf of the first key that is not less than the key.</summary>
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
        private readonly int[] _ordinals = new int[LeafSize];

        public int Count { get; private set; }

        public int this[int i] => _ordinals[i];

        public void Insert(int at, int ordinal)
        {
            Array.Copy(_ordinals, at, _ordinals, at + 1, Count - at);
            _ordinals[at] = ordinal;
            Count++;
        }

        public void RemoveAt(int at)
        {
            Count--;
            Array.Copy(_ordinals, at + 1, _ordinals, at, Count - at);
        }

        public Leaf Split()
        {
            var upper = new Leaf { Count = Count - Count / 2 };
            Count /= 2;
            Array.Copy(_ordinals, Count, upper._ordinals, 0, upper.Count);
            return upper;
        }
    }
}
