using System.Text.RegularExpressions;
using Xunit;

namespace KafkaCaching.Tests.House;

/// <summary>Checks the coding rules in the library's sources. A failure names the file and the line.</summary>
public sealed partial class HouseRulesTests
{
    private static readonly SourceLine[] Library = [.. Read("KafkaCache")];

    [Fact]
    public void Sources_are_found() => Assert.Contains(Library, line => line.File is "Options/KafkaCacheOptions.cs");

    [Fact]
    public void Kafka_types_stay_where_Kafka_is_spoken_to() => Holds(
        Breaking(@"\bConfluent\b", except: [
            "Topics/", "Puts/", "Clients/", "Encodings/",
            "Native/", "Leadership/",
            "Options/", // The user's serializers and settings.
        ]).Where(line => !IsSource(line.File)));

    [Fact]
    public void Store_knows_no_Kafka() => Holds(Breaking(@"\bConfluent\b|librdkafka|rd_kafka_", only: "Store/"));

    [Fact]
    public void FASTER_stays_in_Store() => Holds(Breaking(@"\bFASTER\.|\busing FASTER\b", except: ["Store/"]));

    [Fact]
    public void Imports_stay_in_Native() => Holds(Breaking(@"\b(LibraryImport|DllImport)\b", except: ["Native/"]));

    [Fact]
    public void The_library_knows_no_exporter_of_its_meter() =>
        Holds(Breaking(@"\busing (Prometheus|OpenTelemetry)\b|\b(Prometheus|OpenTelemetry)\."));

    [Fact]
    public void Containers_hosts_and_configuration_stay_in_Hosting() => Holds(
        Breaking(@"\bMicrosoft\.Extensions\.(DependencyInjection|Configuration|Hosting|Diagnostics)\b", except: ["Hosting/"]));

    [Fact]
    public void Time_goes_through_TimeProvider() => Holds(Breaking(
        @"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b|\bStopwatch\b|\bEnvironment\.TickCount|\bTask\.Delay\((?!.*\b_?\w*[tT]ime\b)"
        + @"|\bnew (System\.Threading\.)?Timer\("));

    [Fact]
    public void Nothing_sleeps_is_left_undone_or_writes_to_the_console() => Holds(Breaking(
        @"\bThread\.Sleep\b|\bNotImplementedException\b|\bTODO\b|\bHACK\b|\bFIXME\b|\bConsole\.|\basync void\b"));

    [Fact]
    public void All_logging_is_in_one_file() =>
        Holds(Breaking(@"\bLoggerMessage\b|\.Log(Trace|Debug|Information|Warning|Error|Critical)\(", except: ["Diagnostics/Log.cs"]));

    [Fact]
    public void Lines_are_140_columns_at_most()
    {
        var projects = Directory.EnumerateDirectories(Repository.Root, "KafkaCache*").Select(static path => Path.GetFileName(path));
        Holds(projects.SelectMany(static project => Read(project).Select(line => line with { File = $"{project}/{line.File}" }))
            .Where(static line => line.Text.Length > 140));
    }

    private static bool IsSource(string file) =>
        file.StartsWith("Replay/", StringComparison.Ordinal) && file.Contains("Source", StringComparison.Ordinal);

    private static IEnumerable<SourceLine> Breaking(string pattern, string only = "", string[]? except = null)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        return Library.Where(line =>
            line.File.StartsWith(only, StringComparison.Ordinal)
            && !(except ?? []).Any(prefix => line.File.StartsWith(prefix, StringComparison.Ordinal))
            && regex.IsMatch(line.Code));
    }

    private static void Holds(IEnumerable<SourceLine> breaking)
    {
        string[] lines = [.. breaking.Select(line => $"{line.File}:{line.Number}: {line.Code.Trim()}")];
        Assert.True(lines.Length == 0, string.Join('\n', lines));
    }

    private static IEnumerable<SourceLine> Read(string project)
    {
        var root = Path.Combine(Repository.Root, project);
        foreach (var path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var file = Path.GetRelativePath(root, path).Replace('\\', '/');
            if (file.StartsWith("bin/", StringComparison.Ordinal) || file.StartsWith("obj/", StringComparison.Ordinal))
                continue;
            var lines = File.ReadAllLines(path);
            for (var i = 0; i < lines.Length; i++)
                yield return new SourceLine(file, i + 1, lines[i], Comment().Replace(lines[i], ""));
        }
    }

    // Comments are removed before the rules are checked, except for those that mark unfinished work.
    [GeneratedRegex(@"//(?!.*\b(?:TODO|HACK|FIXME)\b).*$", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Comment();

    private sealed record SourceLine(string File, int Number, string Text, string Code);
}
