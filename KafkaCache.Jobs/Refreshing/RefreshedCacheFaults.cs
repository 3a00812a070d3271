using System.Globalization;
using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Scheduling;

namespace KafkaCaching.Jobs.Refreshing;

/// <summary>Checks the options of a refreshed cache. The options of its topic, its clients and its store are checked by the cache that
/// holds its rows.</summary>
internal static class RefreshedCacheFaults
{
    private const long MaxRowBytes = 128L << 20;
    private const long MaxTransactionBytes = 16L << 30;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IEnumerable<string> Of<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull =>
    [
        .. Needed(options),
        .. RowCodec.Faults(options),
        .. ScheduleFaults.Of(options.Every, options.Cron, options.CronTimeZone),
        .. Times(options),
        .. options.FaultsOfElection(),
        .. Sizes(options),
    ];

    private static IEnumerable<string> Needed<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull
    {
        if (options.Key is null)
            yield return "Key is missing. Set it to a function that returns the ID of a row, as in row => row.Id.";
        if (options.Fetch is null)
            yield return "Fetch is missing. Set it to a function that fetches all rows.";
        if (options.Groups.CountBy(static one => one.Name).FirstOrDefault(static one => one.Value > 1).Key is { } twice)
            yield return $"Group '{twice}' is declared more than once. Give each group a name of its own.";
        if (options.MaxShrink is < 0 or > 1 or double.NaN)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"MaxShrink is {options.MaxShrink}. Set it to a value from 0 to 1, such as 0.3, or leave it out.");
        if (options.Retries is < 0 or > 100)
            yield return string.Create(CultureInfo.InvariantCulture, $"Retries is {options.Retries}. Set it to a value from 0 to 100.");
    }

    private static IEnumerable<string> Times<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull
    {
        if (options.FetchTimeout < Second || options.FetchTimeout > Day)
            yield return $"FetchTimeout is {options.FetchTimeout}. Set it to a value from 1 second to 1 day.";
        if (options.RetryDelay < TimeSpan.Zero || options.RetryDelay > TimeSpan.FromHours(1))
            yield return $"RetryDelay is {options.RetryDelay}. Set it to a value from 0 to 1 hour.";
        if (options.RetryAfter < Second || options.RetryAfter > Day)
            yield return $"RetryAfter is {options.RetryAfter}. Set it to a value from 1 second to 1 day.";
        if (options.Jitter < TimeSpan.Zero || options.Jitter > Day)
            yield return $"Jitter is {options.Jitter}. Set it to a value from 0 to 1 day.";
        if (options.MaxAge < Second || options.MaxAge > TimeSpan.FromDays(3_650))
            yield return $"MaxAge is {options.MaxAge}. Set it to a value from 1 second to 3,650 days, or leave it out.";
        if (options.ReadyTimeout <= TimeSpan.Zero || options.ReadyTimeout > Day)
            yield return $"ReadyTimeout is {options.ReadyTimeout}. Set it to a value above 0 and at most 1 day.";
        if (options.RefreshTimeout <= TimeSpan.Zero || options.RefreshTimeout > Day)
            yield return $"RefreshTimeout is {options.RefreshTimeout}. Set it to a value above 0 and at most 1 day.";
        if (options.TransactionTimeout < Second || options.TransactionTimeout > TimeSpan.FromMinutes(15))
            yield return $"TransactionTimeout is {options.TransactionTimeout}. Set it to a value from 1 second to 15 minutes.";
    }

    private static IEnumerable<string> Sizes<TKey, TRow>(RefreshedCacheOptions<TKey, TRow> options)
        where TKey : notnull
    {
        var most = options.Store.MemoryBudget / RefreshLimits.StoreShare;
        if (options.MaxSnapshotBytes < 1 || options.MaxSnapshotBytes > most)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"MaxSnapshotBytes is {options.MaxSnapshotBytes}. Set it to a value from 1 to {most}, which is a third of "
                + $"Store.MemoryBudget, or raise Store.MemoryBudget.");
        if (options.MaxRowBytes is < 1 or > MaxRowBytes)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"MaxRowBytes is {options.MaxRowBytes}. Set it to a value from 1 byte to 128 MiB ({MaxRowBytes}).");
        if (options.MaxTransactionBytes is < 1 or > MaxTransactionBytes)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"MaxTransactionBytes is {options.MaxTransactionBytes}. Set it to a value from 1 byte to 16 GiB ({MaxTransactionBytes}).");
    }
}
