using System.Text;
using KafkaCaching.Reads;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Reads;

public sealed class InstanceTableTests
{
    private readonly InstanceTable<string> _table = new();

    [Fact]
    public void What_was_decoded_is_found_until_its_key_is_written()
    {
        Read("a");
        Assert.Equal("a", Found("a"));
        var set = _table.BeginWrite(Key("a"));
        Assert.Null(Found("a"));
        _table.EndWrite(set);
        Assert.Null(Found("a"));
    }

    [Fact]
    public void A_write_of_another_key_leaves_an_instance_where_it_is()
    {
        Read("a");
        for (var i = 0; i < 100_000; i++)
            _table.EndWrite(_table.BeginWrite(Key($"b{i}")));
        Assert.Equal("a", Found("a"));
    }

    [Fact]
    public void What_was_decoded_before_or_during_a_write_is_not_kept()
    {
        _table.Find(Key("a"), out var before);
        var set = _table.BeginWrite(Key("a"));
        _table.Find(Key("a"), out var during);
        _table.Install(during, Key("a"), Entry("during"));
        Assert.Null(Found("a"));
        _table.EndWrite(set);
        _table.Install(before, Key("a"), Entry("before"));
        _table.Install(during, Key("a"), Entry("during"));
        Assert.Null(Found("a"));
    }

    [Fact]
    public void Keys_read_again_and_again_are_all_kept_in_a_table_that_was_full()
    {
        for (var i = 0; i < 100_000; i++)
            Read($"once{i}");
        string[] hot = [.. Enumerable.Range(0, 256).Select(static i => $"hot{i}")];
        for (var round = 0; round < 100; round++)
        {
            foreach (var key in hot)
                Read(key);
        }

        Assert.All(hot, key => Assert.Equal(key, Found(key)));
    }

    [Theory]
    [InlineData(int.MaxValue - 1)]
    [InlineData(-2)]
    public void Stamps_that_come_round_serve_on(int firstStamp)
    {
        var table = new InstanceTable<string>(firstStamp);
        for (var i = 0; i < 200_000; i++)
        {
            var key = Key($"k{i}");
            _ = table.Find(key, out var ticket);
            table.Install(ticket, key, Entry("old"));
            _ = table.Find(key, out ticket);
            table.Install(ticket, key, Entry("old")); // A second miss takes the slot of another key.
            table.EndWrite(table.BeginWrite(key));
            Assert.Null(table.Find(key, out _));
        }

        Install(table, "a");
        Install(table, "a");
        Assert.Equal("a", table.Find(Key("a"), out _)?.Entry.Value);
    }

    [Fact]
    public void Four_keys_read_in_turns_replace_the_four_others_of_their_bucket()
    {
        for (var i = 0; i < 100_000; i++)
            Read($"once{i}");
        string[] wanted = [
            .. Enumerable.Range(0, 1_000_000).Select(static i => $"w{i}").Where(static key => KeyHash.Of(Key(key)) >> 52 == 7).Take(4),
        ];
        for (var round = 0; round < 50; round++)
        {
            foreach (var key in wanted)
                Read(key);
        }

        Assert.All(wanted, key => Assert.Equal(key, Found(key)));
    }

    [Fact]
    public void Keys_read_once_each_throw_out_hardly_anything()
    {
        for (var i = 0; i < 100_000; i++)
            Read($"first{i}");
        var kept = Enumerable.Range(0, 100_000).Count(i => Found($"first{i}") is not null);
        Assert.Equal(16_384, kept);
        for (var i = 0; i < 100_000; i++)
            Read($"second{i}");
        Assert.InRange(Enumerable.Range(0, 100_000).Count(i => Found($"first{i}") is not null), 16_000, kept);
    }

    private static byte[] Key(string key) => Encoding.UTF8.GetBytes(key);

    private static CacheEntry<string> Entry(string value) => new(value, 0, 0, default);

    private string? Found(string key) => _table.Find(Key(key), out _)?.Entry.Value;

    private void Read(string key) => Install(_table, key);

    private static void Install(InstanceTable<string> table, string key)
    {
        if (table.Find(Key(key), out var ticket) is null)
            table.Install(ticket, Key(key), Entry(key));
    }
}
