using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The tags that a transaction will invalidate when it is committed, and the opening that announces them. Safe to use from any
/// thread.</summary>
internal sealed class PendingCommit(KafkaEfCache cache)
{
    private readonly MarkSet _marks = new();
    private HybridOpening? _opening;

    public void Add(MarkSet marks)
    {
        lock (_marks)
            _marks.Add(marks, cache.Options.MaxMarkedRows);
    }

    /// <summary>Opens the tags, immediately before the commit.</summary>
    /// <exception cref="CommitRefusedException">The tags could not be opened, and <c>Invalidation</c> is <c>AroundCommit</c>.</exception>
    public async Task AnnounceAsync()
    {
        if (!cache.Openings.AreUsed)
            return;
        var expected = new MarkSet();
        lock (_marks)
            expected.Add(_marks, cache.Options.MaxMarkedRows);
        var opening = await cache.Openings.OpenAsync(expected).ConfigureAwait(false);

        // A failed commit may be retried, so there may be an opening of an earlier attempt.
        Interlocked.Exchange(ref _opening, opening)?.Close();
    }

    /// <summary>Writes the marks of a transaction that has been committed or may have been.</summary>
    public void Complete() => Write(keeps: false);

    /// <summary>Writes the marks of a transaction whose commit has failed, and keeps them, because the commit may be retried.</summary>
    public void Fail() => Write(keeps: true);

    /// <summary>Discards the marks of a transaction that is certain not to be committed.</summary>
    public void RollBack()
    {
        lock (_marks)
            _marks.Clear();
        Interlocked.Exchange(ref _opening, null)?.Close();
    }

    private void Write(bool keeps)
    {
        IReadOnlyCollection<string> tags;
        lock (_marks)
        {
            tags = _marks.Tags;
            if (!keeps)
                _marks.Clear();
        }

        cache.Marks.Write(tags, Interlocked.Exchange(ref _opening, null));
    }
}
