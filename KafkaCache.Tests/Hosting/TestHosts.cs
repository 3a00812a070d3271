using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Hosting;

/// <summary>Creates hosts for tests, with small caches on a test's broker.</summary>
internal static class TestHosts
{
    public const string NobodyListens = "127.0.0.1:1";

    public static HostApplicationBuilder Builder(StartProbe? probe = null, CategoryRecorder? recorder = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (recorder is not null)
            builder.Services.AddLogging(logging => logging.AddProvider(recorder));
        if (probe is not null)
            builder.Services.AddHostedService(_ => probe);
        return builder;
    }

    public static Action<KafkaCacheOptions<string, string>> Small(
        string bootstrapServers, string topic, Action<KafkaCacheOptions<string, string>>? more = null) => options =>
    {
        options.BootstrapServers = bootstrapServers;
        options.Topic = topic;
        options.ReadyTimeout = TimeSpan.FromSeconds(60);
        options.Store.MemoryBudget = 16 << 20;
        options.Consumer = new ConsumerConfig { FetchWaitMaxMs = 10 };
        more?.Invoke(options);
    };

    public static IConfiguration Json(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    }
}
