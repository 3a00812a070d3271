using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The commit that a statement is a part of.</summary>
/// <param name="cache">The cache.</param>
/// <param name="pending">The marks of the transaction; <see langword="null"/> without one.</param>
/// <param name="isCertain">Whether the statement is surely not committed before the transaction is.</param>
internal sealed class StatementCommit(KafkaEfCache cache, PendingCommit? pending, bool isCertain)
{
    /// <summary>What is open for the statement itself.</summary>
    public HybridOpening? Opening { get; private set; }

    /// <summary>Opens the tags of a statement that is about to run, unless its transaction will.</summary>
    /// <exception cref="CommitRefusedException">They could not be opened.</exception>
    public async Task OpenAsync(MarkSet expected)
    {
        if (!isCertain)
            Opening = await cache.Openings.OpenAsync(expected).ConfigureAwait(false);
    }

    /// <summary>Takes the marks of a statement that has run, or may have.</summary>
    public void Complete(MarkSet marks)
    {
        pending?.Add(marks);
        if (!isCertain)
            cache.Marks.Write(marks.Tags, Opening);
    }
}
