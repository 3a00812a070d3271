using System.Collections.Concurrent;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Writes that a put called <see cref="PutOutcome.NotCommitted"/>: they must be seen nowhere, ever.</summary>
internal sealed class NotCommittedWrites
{
    private readonly ConcurrentDictionary<(int Writer, long Sequence), byte> _writes = new();

    public void Add(SoakValue value) => _writes[(value.Writer, value.Sequence)] = 0;

    public bool Contains(SoakValue value) => !_writes.IsEmpty && _writes.ContainsKey((value.Writer, value.Sequence));
}
