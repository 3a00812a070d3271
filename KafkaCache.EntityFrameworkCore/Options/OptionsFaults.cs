using System.Globalization;

namespace KafkaCaching.EntityFrameworkCore.Options;

/// <summary>Validates the options of this package. The hybrid cache validates its own.</summary>
internal static class OptionsFaults
{
    // The longest table name that any database allows has 128 characters.
    private const int MinKeyLength = 256;

    public static IEnumerable<string> Of(KafkaEfCacheOptions options)
    {
        if (options.InvalidationTimeout < TimeSpan.FromMilliseconds(10) || options.InvalidationTimeout > TimeSpan.FromMinutes(1))
            yield return $"InvalidationTimeout is {options.InvalidationTimeout}. Set it to a value from 10 ms to 1 minute.";
        if (!Enum.IsDefined(options.Invalidation))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Invalidation is {(int)options.Invalidation}, which is not a KafkaEfInvalidation. Set it to AfterCommit, AroundCommit or "
                + $"AroundCommitWhenPossible.");
        if (options.CommitLease < TimeSpan.FromSeconds(1) || options.CommitLease > TimeSpan.FromMinutes(10))
            yield return $"CommitLease is {options.CommitLease}. Set it to a value from 1 second to 10 minutes.";
        if (options.Hybrid.MaximumKeyLength < MinKeyLength)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Hybrid.MaximumKeyLength is {options.Hybrid.MaximumKeyLength}. Set it to {MinKeyLength} or more, because the names of "
                + $"tables are in the tags.");
        if (options.MaxMarkedRows is < 0 or > 10_000)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"MaxMarkedRows is {options.MaxMarkedRows}. Set it to a value from 0 to 10000.");
    }
}
