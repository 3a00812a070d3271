using KafkaCaching.EntityFrameworkCore.Diagnostics;
using KafkaCaching.Hybrid;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Before a commit changes the database, opens the tags of the results that it may change.</summary>
internal sealed class CommitOpenings(KafkaHybridCache hybrid, KafkaEfCacheOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Whether commits open tags at all.</summary>
    public bool AreUsed => options.Invalidation != KafkaEfInvalidation.AfterCommit;

    /// <returns>The opening; <see langword="null"/> if the commit proceeds without one.</returns>
    /// <exception cref="CommitRefusedException">The tags could not be opened, and <c>Invalidation</c> is <c>AroundCommit</c>.</exception>
    public async Task<HybridOpening?> OpenAsync(MarkSet marks)
    {
        var tags = marks.Tags;
        if (!AreUsed || tags.Count == 0)
            return null;
        using var patience = new CancellationTokenSource(options.InvalidationTimeout, time);
        try
        {
            return await hybrid.OpenTagsAsync(tags, options.CommitLease, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is KafkaCacheException or OperationCanceledException)
        {
            Decide(failed);
            return null;
        }
    }

    /// <summary>Writes an opening again if it is no longer in force. Called immediately before the commit.</summary>
    /// <exception cref="CommitRefusedException">The opening is not in force and could not be written again, and <c>Invalidation</c> is
    /// <c>AroundCommit</c>.</exception>
    public async Task RequireAsync(HybridOpening opening)
    {
        using var patience = new CancellationTokenSource(options.InvalidationTimeout, time);
        try
        {
            await opening.RequireAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is KafkaCacheException or OperationCanceledException)
        {
            Decide(failed);
        }
    }

    private void Decide(Exception failed)
    {
        if (options.Invalidation == KafkaEfInvalidation.AroundCommit)
            throw new CommitRefusedException(
                $"The cache '{hybrid.Name}' could not announce the commit to the other processes within {options.InvalidationTimeout}, and "
                + "the database has not been changed. Try again when the brokers answer, or set Invalidation to AroundCommitWhenPossible "
                + "to let commits proceed unannounced.",
                failed);
        Log.OpeningFailed(logger, failed, hybrid.Name);
    }
}
