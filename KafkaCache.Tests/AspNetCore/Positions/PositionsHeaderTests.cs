using KafkaCaching.AspNetCore.Positions;
using Microsoft.Extensions.Primitives;

namespace KafkaCaching.Tests.AspNetCore.Positions;

public sealed class PositionsHeaderTests
{
    [Fact]
    public void Several_positions_are_read_from_one_line_or_from_more_and_the_highest_of_a_partition_counts()
    {
        var positions = PositionsHeader.Parse(new StringValues(["users=3:1042, sessions=0:77", "users=3:7,users=4:0,", " , "]));

        Assert.Equal(new Dictionary<(string, int), long> { [("users", 3)] = 1042, [("sessions", 0)] = 77, [("users", 4)] = 0 }, positions);
    }

    [Fact]
    public void No_header_asks_for_nothing() => Assert.Empty(PositionsHeader.Parse(default)!);

    [Theory]
    [InlineData("users")]
    [InlineData("users=")]
    [InlineData("=3:1042")]
    [InlineData("3:1042")]
    [InlineData("users=3")]
    [InlineData("users=3:-1")]
    [InlineData("users=-1:3")]
    [InlineData("users=3:1042;sessions=0:77")]
    [InlineData("users=99999999999:1")]
    [InlineData("users=1:99999999999999999999")]
    [InlineData("users= 3:1")]
    [InlineData("users =3:1")]
    [InlineData("a b=3:1")]
    [InlineData("a=b=3:1")]
    [InlineData("café=3:1")]
    [InlineData("a%=3:1")]
    [InlineData("a%2=3:1")]
    [InlineData("a%2g=3:1")]
    [InlineData("a%ff=3:1")]
    [InlineData("a\u0000=3:1")]
    [InlineData("users=3:1, <script>")]
    public void Other_forms_are_refused(string header) => Assert.Null(PositionsHeader.Parse(header));

    [Fact]
    public void More_than_the_limit_are_refused_whether_they_repeat_or_not()
    {
        Assert.Single(PositionsHeader.Parse(Repeated(PositionsHeader.MaxPositions))!);
        Assert.Null(PositionsHeader.Parse(Repeated(PositionsHeader.MaxPositions + 1)));

        static string Repeated(int times) => string.Join(',', Enumerable.Repeat("users=0:1", times));
    }

    [Fact]
    public void Names_of_any_characters_come_back_and_what_is_written_is_fit_for_a_header()
    {
        var random = new Random((int)TestSeed.Next());
        for (var i = 0; i < 10_000; i++)
        {
            var positions = Enumerable.Range(0, random.Next(1, 6))
                .Select(_ => (Cache: Name(random), Position: new CachePosition(random.Next(), random.NextInt64())))
                .DistinctBy(static one => (one.Cache, one.Position.Partition)).ToArray();

            var header = PositionsHeader.Format(positions);

            Assert.DoesNotContain(header, static c => c is < ' ' or > '~');
            Assert.Equal(
                positions.ToDictionary(static one => (one.Cache, one.Position.Partition), static one => one.Position.Offset),
                PositionsHeader.Parse(header));
        }

        // Characters from all of Unicode, and more often those with a meaning in the header's syntax.
        static string Name(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => random.Next(3) switch
        {
            0 => ",=% :\t\"\n<+&"[random.Next(11)].ToString(),
            1 => ((char)random.Next('!', '~')).ToString(),
            _ => char.ConvertFromUtf32(random.Next(2) == 0 ? random.Next(1, 0xD800) : random.Next(0xE000, 0x110000)),
        }));
    }

    [Fact]
    public void Random_bytes_are_read_or_refused_and_throw_nothing()
    {
        var random = new Random((int)TestSeed.Next());
        const string signs = "ab=:,% 019Ff\t\u00e9\0";
        for (var i = 0; i < 100_000; i++)
        {
            var text = string.Create(random.Next(30), random, static (span, random) =>
            {
                foreach (ref var c in span)
                    c = signs[random.Next(signs.Length)];
            });
            if (PositionsHeader.Parse(text) is { } positions)
                Assert.Equal(
                    positions,
                    PositionsHeader.Parse(
                        PositionsHeader.Format(
                            positions.Select(static one => (one.Key.Cache, new CachePosition(one.Key.Partition, one.Value))))));
        }
    }
}
