using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Claims;

/// <summary>Decides which pod holds the claim of a key: the one whose claim is first in the log, until that claim is ended or its deadline
/// passes. All pods see the records of a key in the same order, and judge deadlines by the records' timestamps, so they agree.</summary>
internal sealed class ClaimTable(TimeSpan timeout)
{
    private const int FewHolders = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ClaimHolder> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<long, TaskCompletionSource<ClaimHolder>> _asked = [];
    private int _pruneAt = FewHolders;

    /// <summary>The pod that holds a key's claim, according to the records that this pod has read.</summary>
    public ClaimHolder? HolderOf(string claimKey, DateTimeOffset now)
    {
        lock (_gate)
            return _holders.TryGetValue(claimKey, out var holder) && holder.IsHeldAt(now) ? holder : null;
    }

    /// <summary>Returns a task that completes with the holder of the claim once the claim with this number has been read back from the
    /// topic.</summary>
    public Task<ClaimHolder> Ask(long number)
    {
        var answer = new TaskCompletionSource<ClaimHolder>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _asked.Add(number, answer);
        return answer.Task;
    }

    /// <summary>Stops waiting for the answer to <see cref="Ask"/>.</summary>
    public void Forget(long number)
    {
        lock (_gate)
            _asked.Remove(number);
    }

    /// <summary>Applies a claim, or the end of one.</summary>
    public void Apply(string claimKey, StoredRecord record, DateTimeOffset timestamp)
    {
        if (record.Kind == RecordKind.Claim)
            Claim(claimKey, record.SetNumber, timestamp);
        else if (record.Kind == RecordKind.ClaimEnd)
            End(claimKey, record);
    }

    private void Claim(string claimKey, long number, DateTimeOffset timestamp)
    {
        TaskCompletionSource<ClaimHolder>? answer;
        ClaimHolder? holder;
        lock (_gate)
        {
            if (!_holders.TryGetValue(claimKey, out holder) || !holder.IsHeldAt(timestamp))
            {
                Prune_NeedsLock(timestamp);
                _holders[claimKey] = holder = new ClaimHolder(number, timestamp + timeout, holder?.Fill);
            }

            _asked.Remove(number, out answer);
        }

        answer?.TrySetResult(holder);
    }

    private void End(string claimKey, StoredRecord record)
    {
        ClaimHolder? holder;
        lock (_gate)
        {
            // An ended claim is kept until the next claim or its deadline, because another pod may have missed before the value was stored,
            // and put its claim after this claim had ended. The later claim then takes over the position of the stored value.
            if (!_holders.TryGetValue(claimKey, out holder) || holder.Number != record.SetNumber)
                return;
        }

        holder.End(ClaimEnds.FillOf(record));
    }

    // A pod that dies never ends its claim, so claims are removed after their deadline.
    private void Prune_NeedsLock(DateTimeOffset now)
    {
        if (_holders.Count < _pruneAt)
            return;
        foreach (var (key, holder) in _holders)
        {
            if (holder.Deadline <= now)
                _holders.Remove(key);
        }

        _pruneAt = Math.Max(FewHolders, 2 * _holders.Count);
    }
}
