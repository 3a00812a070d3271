using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The marks of several commits, each once.</summary>
internal sealed class MarkBatch
{
    private readonly Dictionary<string, int> _commitsByTag = new(StringComparer.Ordinal);
    private readonly List<HybridOpening> _openings = [];
    private readonly TaskCompletionSource<IReadOnlyList<CachePosition>> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _commitsByTag.Count == 0;

    public IReadOnlyCollection<string> Tags => _commitsByTag.Keys;

    /// <summary>Where the marks are. It ends when they are applied here, or could not be written: then with no position.</summary>
    public Task<IReadOnlyList<CachePosition>> Written => _written.Task;

    /// <param name="tags">The tags.</param>
    /// <param name="opening">What the commit had opened. It is closed when the marks are written: if the tags were closed before, another
    /// process could serve what they invalidate.</param>
    public void Add(IReadOnlyCollection<string> tags, HybridOpening? opening)
    {
        foreach (var tag in tags)
            _commitsByTag[tag] = _commitsByTag.GetValueOrDefault(tag) + 1;
        if (opening is not null)
            _openings.Add(opening);
    }

    public void Add(MarkBatch other)
    {
        foreach (var (tag, commits) in other._commitsByTag)
            _commitsByTag[tag] = _commitsByTag.GetValueOrDefault(tag) + commits;
        _openings.AddRange(other._openings);
    }

    /// <summary>The marks are applied here.</summary>
    public void Complete(UnsettledTags unsettled, IReadOnlyList<CachePosition> positions)
    {
        unsettled.Settle(_commitsByTag);
        _openings.ForEach(static opening => opening.Close());
        _written.SetResult(positions);
    }

    /// <summary>The marks will be written by another batch.</summary>
    public void Abandon() => _written.SetResult([]);
}
