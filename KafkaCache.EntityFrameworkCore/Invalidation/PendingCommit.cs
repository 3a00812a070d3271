using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>What a transaction will invalidate when it is committed, and what is open for it by then. Any thread.</summary>
internal sealed class PendingCommit(KafkaEfCache cache)
{
    private readonly MarkSet _marks = new();
    private HybridOpening? _opening;

    public void Add(MarkSet marks)
    {
        lock (_marks)
            _marks.Add(marks, cache.Options.MostMarkedRows);
    }

    /// <summary>Opens the tags, right before the commit.</summary>
    /// <exception cref="CommitRefusedException">They could not be opened.</exception>
    public async Task AnnounceAsync()
    {
        if (!cache.Openings.AreUsed)
            return;
        var expected = new MarkSet();
        lock (_marks)
            expected.Add(_marks, cache.Options.MostMarkedRows);
        var opening = await cache.Openings.OpenAsync(expected).ConfigureAwait(false);

        // A commit that failed may be tried again.
        Interlocked.Exchange(ref _opening, opening)?.Close();
    }

    /// <summary>Writes the marks of a transaction that is committed, or may be.</summary>
    public void Complete() => Write(keeps: false);

    /// <summary>Writes the marks of a transaction whose commit has failed, and keeps them: it may be tried again.</summary>
    public void Fail() => Write(keeps: true);

    /// <summary>Forgets the marks of a transaction that is surely not committed.</summary>
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
