using KafkaCaching.Hybrid;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The commit that a statement is a part of.</summary>
/// <param name="cache">The cache.</param>
/// <param name="pending">The marks of the transaction; <see langword="null"/> if there is none.</param>
/// <param name="isCertain">Whether the statement is certain to be committed only together with the transaction.</param>
internal sealed class StatementCommit(KafkaEfCache cache, PendingCommit? pending, bool isCertain)
{
    /// <summary>The opening of the statement itself.</summary>
    public HybridOpening? Opening { get; private set; }

    /// <summary>Opens the tags of a statement that is about to run, unless its transaction will open them.</summary>
    /// <exception cref="CommitRefusedException">The tags could not be opened, and <c>Invalidation</c> is <c>AroundCommit</c>.</exception>
    public async Task OpenAsync(MarkSet expected)
    {
        if (!isCertain)
            Opening = await cache.Openings.OpenAsync(expected).ConfigureAwait(false);
    }

    /// <summary>Receives the marks of a statement that has run or may have run.</summary>
    public void Complete(MarkSet marks)
    {
        pending?.Add(marks);
        if (!isCertain)
            cache.Marks.Write(marks.Tags, Opening);
    }
}
