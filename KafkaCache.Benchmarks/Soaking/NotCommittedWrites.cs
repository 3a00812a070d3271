using System.Collections.Concurrent;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The writes whose puts ended as <see cref="PutOutcome.NotCommitted"/>. They must never be seen anywhere.</summary>
internal sealed class NotCommittedWrites
{
    private readonly ConcurrentDictionary<(int Writer, long Sequence), string> _writes = new();

    public void Add(SoakValue value, string why) => _writes[(value.Writer, value.Sequence)] = why;

    public bool Contains(SoakValue value) => !_writes.IsEmpty && _writes.ContainsKey((value.Writer, value.Sequence));

    /// <summary>Describes what is wrong with a value that was found.</summary>
    public string Tell(SoakValue value) =>
        _writes.TryGetValue((value.Writer, value.Sequence), out var why)
            ? $"{value}, of a put that was called NotCommitted: {why}"
            : value.ToString();
}
