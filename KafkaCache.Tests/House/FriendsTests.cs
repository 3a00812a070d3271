using System.Xml.Linq;
using Xunit;

namespace KafkaCaching.Tests.House;

/// <summary>A published package uses only the public API of the others. So the internals of a package can change without breaking another
/// package that was built against it.</summary>
public sealed class FriendsTests
{
    private static readonly string[] MayLookInside = ["KafkaCache.Tests", "KafkaCache.Benchmarks"];

    private static readonly Project[] Projects = [.. Read()];

    [Fact]
    public void The_packages_that_ship_are_found() => Assert.Superset(
        new HashSet<string>(["KafkaCache", "KafkaCache.Hybrid", "KafkaCache.EntityFrameworkCore"]),
        Projects.Where(static project => project.Ships).Select(static project => project.Name).ToHashSet());

    [Fact]
    public void A_package_that_ships_shows_its_internals_to_tests_and_benchmarks_alone()
    {
        string[] shown = [
            .. from project in Projects
               where project.Ships
               from friend in project.Friends.Except(MayLookInside)
               select $"{project.Name} shows its internals to {friend}",
        ];
        Assert.True(shown.Length == 0, string.Join('\n', shown));
    }

    [Fact]
    public void No_package_that_ships_is_one_of_those_that_may_look_inside() =>
        Assert.DoesNotContain(Projects, static project => project.Ships && MayLookInside.Contains(project.Name));

    private static IEnumerable<Project> Read() =>
        from path in Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
        let root = XDocument.Load(path).Root!
        select new Project(
            Path.GetFileNameWithoutExtension(path),
            root.Descendants("PackageId").Any() || root.Descendants("IsPackable").Any(static value => value.Value.Trim() is "true"),
            [
                .. root.Descendants("InternalsVisibleTo").SelectMany(static friend => friend.Attribute("Include")!.Value.Split(';'))
                    .Select(static name => name.Trim()),
            ]);

    private sealed record Project(string Name, bool Ships, string[] Friends);
}
