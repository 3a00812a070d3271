using KafkaCaching.Jobs;
using KafkaCaching.Jobs.Hosting;
using KafkaCaching.Jobs.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Jobs;

/// <summary>Options of refreshed caches and jobs from configuration sections.</summary>
public sealed class SectionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Options_of_a_refreshed_cache_come_from_its_section_and_code_wins()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRefreshedCache<string, Price>(
            "prices",
            Section(new()
            {
                ["BootstrapServers"] = "localhost:1", ["Topic"] = "list", ["Cron"] = "0 6 * * *", ["CronTimeZone"] = "Europe/Paris",
                ["MaxShrink"] = "0.3", ["MaxAge"] = "00:30:00", ["MaxRowBytes"] = "1 MiB", ["ReplicationFactor"] = "3", ["Retries"] = "7",
                ["Args:market"] = "eu", ["Store:MemoryBudget"] = "64 MiB", ["Client:ClientId"] = "shop", ["Client:linger.ms"] = "5",
            }),
            static options =>
            {
                options.Key = static price => price.Sku;
                options.Fetch = new PriceSource().FetchAsync;
                options.Retries = 1;
            });
        using var host = builder.Build();
        _ = host.Services.GetRequiredService<IRefreshedCache<string, Price>>();

        var options = host.Services.GetRequiredService<IOptionsMonitor<RefreshedCacheOptions<string, Price>>>().Get("prices");

        Assert.Equal(
            ("localhost:1", "list", "0 6 * * *", "Europe/Paris"),
            (options.BootstrapServers, options.Topic, options.Cron, options.CronTimeZone.Id));
        Assert.Equal(
            (0.3, TimeSpan.FromMinutes(30), 1L << 20, (short?)3, 1),
            (options.MaxShrink, options.MaxAge, options.MaxRowBytes, options.ReplicationFactor, options.Retries));
        Assert.Equal("eu", options.Args["market"]);
        Assert.Equal((64L << 20, "shop"), (options.Store.MemoryBudget, options.Client!.ClientId));
        var table = Assert.Single(host.Services.GetServices<IKafkaCache>());
        Assert.Equal(("list", 64L << 20), (table.Topic, table.Status.MemoryBudgetBytes));
    }

    [Fact]
    public async Task All_faults_of_a_section_stop_the_start_and_no_value_is_quoted()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRefreshedCache<string, Price>(
            "prices",
            Section(new()
            {
                ["Every"] = "secret", ["CronTimeZone"] = "secret", ["MaxShrinks"] = "0.3", ["Fetch"] = "secret", ["Args"] = "secret",
                ["FetchTimeout"] = "00:00:00.1", ["ReplicationFactor"] = "99999",
            }),
            static options => options.Key = static price => price.Sku);
        using var host = builder.Build();

        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Stop));

        foreach (var named in new[]
        {
            "Every is not a time", "CronTimeZone is not a time zone", "MaxShrinks is not an option; did you mean MaxShrink?",
            "Fetch can't be set by configuration", "Args is a value", "FetchTimeout is 00:00:00.1",
            "ReplicationFactor is not a whole number", "Fetch is missing", "BootstrapServers is missing",
        })
        {
            Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_section_that_is_missing_is_named()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        var nowhere = new ConfigurationBuilder().Build().GetSection("Caches:price");
        builder.Services.AddRefreshedCache<string, Price>("prices", nowhere, static options => options.Key = static price => price.Sku);
        using var host = builder.Build();

        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Stop));

        Assert.Contains("The section Caches:price of the configuration is missing or empty.", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_of_jobs_and_their_schedules_come_from_sections()
    {
        var services = new ServiceCollection();
        services
            .AddKafkaJobs(
                Section(new()
                {
                    ["BootstrapServers"] = "localhost:1", ["Topic"] = "work", ["RunsKept"] = "5", ["LogMemoryBudget"] = "32 MiB",
                }),
                static options => options.RunsKept = 7)
            .AddJob<ScriptedJob>(
                "import", Section(new() { ["Cron"] = "*/5 * * * *", ["TimeZone"] = "Europe/Paris", ["Missed"] = "skip" }));
        await using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<KafkaJobsSettings>().Options;
        var job = Assert.Single(provider.GetServices<JobDefinition>());

        Assert.Equal(
            ("localhost:1", "work", 7, 32L << 20),
            (options.BootstrapServers, options.Topic, options.RunsKept, options.LogMemoryBudget));
        Assert.Equal(("*/5 * * * *", "Europe/Paris", MissedRuns.Skip), (job.Options.Cron, job.Options.TimeZone.Id, job.Options.Missed));
    }

    [Fact]
    public async Task Faults_in_the_sections_of_jobs_stop_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddKafkaJobs(Section(new() { ["LogRetentions"] = "1.00:00:00", ["RunsKept"] = "secret" }))
            .AddJob<ScriptedJob>("import", Section(new() { ["Missed"] = "secret", ["Crom"] = "* * * * *" }))
            .AddJob<ScriptedJob>("report", new ConfigurationBuilder().Build().GetSection("Schedules:report"));
        using var host = builder.Build();

        var wrong = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => host.StartAsync(Stop));

        foreach (var named in new[]
        {
            "LogRetentions is not an option; did you mean LogRetention?", "RunsKept is not a whole number",
            "Job 'import': part:Missed is not one of Once, Skip, All.", "Job 'import': part:Crom is not an option; did you mean Cron?",
            "Job 'report': The section Schedules:report of the configuration is missing or empty.",
        })
        {
            Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    private static IConfigurationSection Section(Dictionary<string, string?> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static one => KeyValuePair.Create($"part:{one.Key}", one.Value)))
        .Build()
        .GetSection("part");
}
