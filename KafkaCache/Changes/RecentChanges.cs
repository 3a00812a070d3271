using System.Security.Cryptography;

namespace KafkaCaching.Changes;

/// <summary>The latest changes of the serving generation, for watchers that resume. The feed's lock guards them.</summary>
/// <param name="since">The positions after which all changes are kept here.</param>
internal sealed class RecentChanges(long[] since)
{
    private const int MaxChanges = 10_000;
    private const int MaxBytes = 8 << 20;

    private readonly Queue<ChangeBatch> _batches = new();
    private readonly List<long> _since = [.. since];
    private int _changes;
    private long _bytes;

    /// <summary>Identifies these changes in the cursors, so that a cursor of another cache, or from before a rebuild, is not accepted:
    /// after a log has been truncated, the same offsets denote other records.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>The changes. A watcher that resumes gets those after its cursor.</summary>
    public IEnumerable<ChangeBatch> Batches => _batches;

    public void Add(ChangeBatch batch)
    {
        _batches.Enqueue(batch);
        _changes += batch.Count;
        _bytes += batch.Bytes;
        while (_changes > MaxChanges || _bytes > MaxBytes)
            Forget(_batches.Dequeue());
    }

    /// <summary>Whether all changes after the cursor are kept here.</summary>
    public bool Covers(WatchCursor cursor)
    {
        if (cursor.RecentId != Id)
            return false;
        for (var i = 0; i < _since.Count; i++)
        {
            if (_since[i] > (i < cursor.Positions.Length ? cursor.Positions[i] : 0))
                return false;
        }

        return true;
    }

    private void Forget(ChangeBatch batch)
    {
        _changes -= batch.Count;
        _bytes -= batch.Bytes;
        batch.Raise(_since);
    }
}
