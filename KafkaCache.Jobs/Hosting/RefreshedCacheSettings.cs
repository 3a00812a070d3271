using KafkaCaching.Jobs.Leading;
using KafkaCaching.Jobs.Refreshing;
using KafkaCaching.Jobs.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>The settings of one refreshed cache of a container. They are created and validated together with the options of the table that
/// holds the rows. Their initial values are the defaults that apply to all caches.</summary>
internal sealed class RefreshedCacheSettings<TKey, TRow>(
    string cacheName, IConfiguration? section, IOptionsMonitor<RefreshedCacheOptions<TKey, TRow>> monitor)
    : IValidateOptions<KafkaCacheOptions<string, TableValue>>
    where TKey : notnull
{
    private KafkaCacheOptions<string, TableValue>? _table;

    /// <summary>The options. Their client settings are those of the table, which include the settings that all caches share.</summary>
    public RefreshedCacheOptions<TKey, TRow> Options
    {
        get
        {
            var options = monitor.Get(cacheName);
            if (_table is { } table)
                (options.BootstrapServers, options.Client) = (table.BootstrapServers, table.Client);
            return options;
        }
    }

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, TableValue> options)
    {
        if (name != cacheName)
            return ValidateOptionsResult.Skip;
        string[] faults = [.. RefreshedCacheFaults.Of(Options)];
        if (section is not null)
            faults = [.. SectionFaults.Of(section, new RefreshedCacheOptions<TKey, TRow>(), isNeeded: faults.Length > 0), .. faults];
        return faults.Length > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    public void ApplyTo(KafkaCacheOptions<string, TableValue> table)
    {
        var options = monitor.Get(cacheName);
        options.TakeDefaults(table.BootstrapServers, table.Client);
        (table.BootstrapServers, table.Client) = (options.BootstrapServers, options.Client);
        table.Topic = options.Topic ??= cacheName;
        table.Store = options.Store;
        TableOptions.ApplyTo(table);
        _table ??= table;
    }
}
