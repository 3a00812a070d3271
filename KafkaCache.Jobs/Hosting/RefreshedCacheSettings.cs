using KafkaCaching.Jobs.Refreshing;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>The settings of one refreshed cache of a container: made when the options of the table behind it are, on top of the defaults
/// of all caches, and checked with them.</summary>
internal sealed class RefreshedCacheSettings<TKey, TRow>(string cacheName, IOptionsMonitor<RefreshedCacheOptions<TKey, TRow>> monitor)
    : IValidateOptions<KafkaCacheOptions<string, TableValue>>
    where TKey : notnull
{
    public RefreshedCacheOptions<TKey, TRow> Options => monitor.Get(cacheName);

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, TableValue> options)
    {
        if (name != cacheName)
            return ValidateOptionsResult.Skip;
        string[] faults = [.. RefreshedCacheFaults.Of(Options)];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    public void ApplyTo(KafkaCacheOptions<string, TableValue> table)
    {
        var options = Options;
        options.BootstrapServers ??= table.BootstrapServers;
        options.Client ??= table.Client;
        (table.BootstrapServers, table.Client) = (options.BootstrapServers, options.Client);
        table.Topic = options.Topic ??= cacheName;
        table.Store = options.Store;
        TableOptions.ApplyTo(table);
    }
}
