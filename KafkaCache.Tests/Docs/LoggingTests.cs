using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.Hybrid;
using KafkaCaching.Jobs;
using KafkaCaching.Prometheus;
using KafkaCaching.Tests.House;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Docs;

/// <summary>Compares docs/logging.md with the messages in the code.</summary>
public sealed partial class LoggingTests
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
    public void Messages_are_in_one_file_of_each_assembly_in_ranges_of_their_own()
    {
        foreach (var message in Messages)
        {
            Assert.Equal("Log", message.Type.Name);
            Assert.Equal(message.Type.Assembly == typeof(KafkaCache).Assembly, message.Id is >= 100 and < 500);
            Assert.True(message.Id is >= 100 and < 600, message.Row);
        }
    }

    [Fact]
    public void Events_that_pages_and_alerts_name_by_their_numbers_are_those_of_messages()
    {
        var named = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy"), "*.yml"))
            .SelectMany(static file => Events().Matches(File.ReadAllText(file)))
            .SelectMany(static match => match.Groups["id"].Captures)
            .Select(static id => int.Parse(id.Value, CultureInfo.InvariantCulture)).ToArray();

        Assert.True(named.Length > 20, $"{named.Length} numbers");
        Assert.Empty(named.Except(Messages.Select(static message => message.Id)));
    }

    [Fact]
    public void Lines_are_logged_in_the_categories_that_the_documentation_names()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "logging.md"));
        var sources = Messages.Select(static message => message.Type.Assembly.GetName().Name!).Distinct(StringComparer.Ordinal)
            .SelectMany(static assembly => Directory.EnumerateFiles(
                Path.Combine(Repository.Root, assembly), "*.cs", SearchOption.AllDirectories))
            .Select(static file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file))).ToArray();

        // ILogger<T> would use the name of a type as the category, which a filter for "KafkaCache" does not match.
        Assert.DoesNotContain(sources, static source => source.Text.Contains("ILogger<", StringComparison.Ordinal));
        var categories = sources.SelectMany(static source => Category().Matches(source.Text))
            .Select(static match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToArray();
        Assert.True(categories.Length > 8, $"{categories.Length} categories");
        Assert.All(categories, category => Assert.Contains($".{category}`", page, StringComparison.Ordinal));
    }

    [GeneratedRegex(
        "(CreateLogger\\(|GuardedLogger\\.Of\\([^\"]*, |LogCategory = )\"KafkaCache\\.(?<name>[A-Za-z]+)\"", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Category();

    [GeneratedRegex(
        "\\bevents?\\s+(?<id>\\d{3})((,|,? and|,? or)\\s+(?<id>\\d{3}))*", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Events();

    private sealed record Message(Type Type, int Id, string Name, string Level)
    {
        public string Row => $"| {Id} | `{Name}` | {Level}";

        public static Message Of(MethodInfo method, LoggerMessageAttribute attribute) => new(
            method.DeclaringType!, attribute.EventId, attribute.EventName ?? method.Name,
            attribute.Level == LogLevel.None ? "the client's" : attribute.Level.ToString());
    }
}
