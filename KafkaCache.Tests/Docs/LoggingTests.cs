using System.Globalization;
using System.Reflection;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Hybrid;
using KafkaCaching.Jobs;
using KafkaCaching.Prometheus;
using KafkaCaching.Tests.House;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Docs;

/// <summary>docs/logging.md against the messages themselves.</summary>
public sealed class LoggingTests
{
    private static readonly Message[] Messages =
    [
        .. new[]
        {
            typeof(KafkaCache).Assembly, typeof(Microsoft.AspNetCore.Builder.KafkaCacheApplicationBuilderExtensions).Assembly,
            typeof(KafkaCachePrometheus).Assembly, typeof(KafkaHybridCache).Assembly, typeof(KafkaJobs).Assembly,
            typeof(KafkaEfCache).Assembly,
        }
            .SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(
                static type => type.GetMethods(
                    BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Select(static method => (method, method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static one => one.Item2 is not null)
            .Select(static one => Message.Of(one.method, one.Item2!))
            .OrderBy(static message => message.Id),
    ];

    [Fact]
    public void Documentation_lists_every_message()
    {
        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "logging.md"))
            .Select(static line => line.Split(" | "))
            .Where(static cells => cells.Length == 4 && int.TryParse(cells[0].Trim('|', ' '), CultureInfo.InvariantCulture, out _))
            .ToArray();

        Assert.Equal(Messages.Select(static message => message.Row), documented.Select(static cells => string.Join(" | ", cells[..3])));
        Assert.All(documented, static cells => Assert.True(cells[3].Trim('|', ' ').Length > 10, $"What {cells[1]} means is missing."));
    }

    [Fact]
    public void Event_IDs_and_names_are_each_of_one_message()
    {
        Assert.True(Messages.Length > 25, $"{Messages.Length} messages");
        Assert.Equal(Messages.Length, Messages.DistinctBy(static message => message.Id).Count());
        Assert.Equal(Messages.Length, Messages.DistinctBy(static message => message.Name).Count());
    }

    [Fact]
    public void Messages_stand_in_one_file_of_each_assembly_in_ranges_of_their_own()
    {
        foreach (var message in Messages)
        {
            Assert.Equal("Log", message.Type.Name);
            Assert.Equal(message.Type.Assembly == typeof(KafkaCache).Assembly, message.Id is >= 100 and < 500);
            Assert.True(message.Id is >= 100 and < 600, message.Row);
        }
    }

    private sealed record Message(Type Type, int Id, string Name, string Level)
    {
        public string Row => $"| {Id} | `{Name}` | {Level}";

        public static Message Of(MethodInfo method, LoggerMessageAttribute attribute) => new(
            method.DeclaringType!, attribute.EventId, attribute.EventName ?? method.Name,
            attribute.Level == LogLevel.None ? "the client's" : attribute.Level.ToString());
    }
}
