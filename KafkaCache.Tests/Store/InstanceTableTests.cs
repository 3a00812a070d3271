using System.Text;
using KafkaCaching.Store;

namespace KafkaCaching.Tests.Store;

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

    private void Read(string key)
    {
        if (_table.Find(Key(key), out var ticket) is null)
            _table.Install(ticket, Key(key), Entry(key));
    }
}
