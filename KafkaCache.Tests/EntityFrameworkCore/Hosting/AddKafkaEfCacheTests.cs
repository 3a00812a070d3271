using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.EntityFrameworkCore.Hosting;

public sealed class AddKafkaEfCacheTests
{
    private readonly InMemoryTopic _topic = new();

    [Fact]
    public async Task The_options_are_made_once_in_each_container()
    {
        var made = 0;
        var services = new ServiceCollection();
        services.AddKafkaEfCache("shop", options =>
        {
            made++;
            (options.Hybrid.Log, options.Topic) = (_topic, "shop.ef");
        });
        for (var container = 1; container <= 2; container++)
        {
            await using var provider = services.BuildServiceProvider();
            var cache = provider.GetRequiredService<KafkaEfCache>();
            Assert.Same(cache.Hybrid.Parts.Options, cache.Options.Hybrid);
            Assert.Equal(container, made);
        }
    }

    [Fact]
    public async Task What_a_section_sets_holds_for_the_cache_of_queries()
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Ef:Topic", "shop.ef"), new("Ef:TimeToLive", "00:07:00")])
            .Build().GetSection("Ef");
        var services = new ServiceCollection();
        services.AddKafkaEfCache("shop", section, options => options.Hybrid.Log = _topic);
        await using var provider = services.BuildServiceProvider();
        Assert.Equal(TimeSpan.FromMinutes(7), provider.GetRequiredService<KafkaEfCache>().Options.TimeToLive);
    }
}
