using System.Collections.Concurrent;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The tags whose marks are not applied here yet, with the number of commits that have them. Any thread.</summary>
internal sealed class UnsettledTags
{
    private readonly ConcurrentDictionary<string, int> _commits = new(StringComparer.Ordinal);
    private int _count;
    private long _settlements;

    /// <summary>How often tags were settled. A reader that finds a result first, and looks here after that, may miss both the mark and the
    /// unsettled tag if it was settled in between: then the number has changed.</summary>
    public long Settlements => Volatile.Read(ref _settlements);

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether one of these tags is unsettled, or may have been since a number of settlements was read.</summary>
    public bool HaveAny(string[] tags, long since) => HaveAny(tags) || Settlements != since;

    /// <summary>Whether one of these tags is unsettled. For readers that look here first.</summary>
    public bool HaveAny(string[] tags) => Count != 0 && Array.Exists(tags, _commits.ContainsKey);

    public void Add(IEnumerable<string> tags)
    {
        foreach (var tag in tags)
        {
            // The count is never less than what is there, so that a reader may go by it alone.
            Interlocked.Increment(ref _count);
            if (_commits.AddOrUpdate(tag, 1, static (_, commits) => commits + 1) > 1)
                Interlocked.Decrement(ref _count);
        }
    }

    public void Settle(IEnumerable<string> tags)
    {
        Interlocked.Increment(ref _settlements);
        foreach (var tag in tags)
            Settle(tag, commits: 1);
    }

    public void Settle(IEnumerable<KeyValuePair<string, int>> commitsByTag)
    {
        Interlocked.Increment(ref _settlements);
        foreach (var (tag, commits) in commitsByTag)
            Settle(tag, commits);
    }

    private void Settle(string tag, int commits)
    {
        while (_commits.TryGetValue(tag, out var all))
        {
            if (all > commits)
            {
                if (_commits.TryUpdate(tag, all - commits, all))
                    return;
            }
            else if (_commits.TryRemove(KeyValuePair.Create(tag, all)))
            {
                Interlocked.Decrement(ref _count);
                return;
            }
        }
    }
}
