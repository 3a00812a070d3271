using System.Collections.ObjectModel;

namespace KafkaCaching.Replay.Errors;

/// <summary>The number of record errors by reason. The replay thread counts them. Any thread may read the counts.</summary>
internal sealed class RecordErrorCounts
{
    private static readonly RecordErrorReason[] Reasons = Enum.GetValues<RecordErrorReason>();

    private readonly long[] _counts = new long[Reasons.Length];

    public long Total
    {
        get
        {
            var total = 0L;
            for (var i = 0; i < _counts.Length; i++)
                total += Volatile.Read(ref _counts[i]);
            return total;
        }
    }

    /// <summary>Counts an error. Called on the replay thread only.</summary>
    public void Add(RecordErrorReason reason)
    {
        ref var count = ref _counts[(int)reason];
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>Returns the reasons that have occurred so far, each with its current count.</summary>
    public IReadOnlyDictionary<RecordErrorReason, long> Snapshot()
    {
        if (Total == 0)
            return ReadOnlyDictionary<RecordErrorReason, long>.Empty;
        var snapshot = new Dictionary<RecordErrorReason, long>();
        foreach (var reason in Reasons)
        {
            if (Volatile.Read(ref _counts[(int)reason]) is var count and > 0)
                snapshot.Add(reason, count);
        }

        return snapshot.AsReadOnly();
    }
}
