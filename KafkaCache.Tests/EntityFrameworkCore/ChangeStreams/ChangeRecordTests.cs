using System.Text;
using Avro;
using Avro.Generic;
using Avro.IO;
using KafkaCaching.EntityFrameworkCore;
using KafkaCaching.EntityFrameworkCore.ChangeStreams;
using KafkaCaching.EntityFrameworkCore.Debezium.Records;
using KafkaCaching.EntityFrameworkCore.Invalidation;
using KafkaCaching.EntityFrameworkCore.Tables;
using KafkaCaching.Tests.Schemas;

namespace KafkaCaching.Tests.EntityFrameworkCore.ChangeStreams;

/// <summary>The tags that Debezium's records invalidate. The test creates the records according to the documented envelope.</summary>
public sealed class ChangeRecordTests
{
    private const int Most = 100;

    // Ada is now in group 1, and was in group 7 before.
    private const string Ada = """{"Id":"00000000-0000-0000-0000-00000000000a","Name":"Ada","GroupId":1}""";
    private const string Old = """{"Id":"00000000-0000-0000-0000-00000000000a","Name":"Ada","GroupId":7}""";
    private const string Key = """{"Id":"00000000-0000-0000-0000-00000000000a"}""";

    private const string AvroKey =
        """{"type":"record","name":"Key","namespace":"pg.public.users","fields":[{"name":"Id","type":"string"}]}""";

    private const string AvroRow =
        """
        {"type":"record","name":"Value","namespace":"pg.public.users","fields":[
         {"name":"Id","type":{"type":"string","connect.name":"io.debezium.data.Uuid"}},{"name":"Name","type":"string"},
         {"name":"GroupId","type":"int"}]}
        """;

    private const string AvroEnvelope =
        $$$"""
        {"type":"record","name":"Envelope","namespace":"pg.public.users","fields":[
         {"name":"before","type":["null",{{{AvroRow}}}],"default":null},{"name":"after","type":["null","Value"],"default":null},
         {"name":"source","type":{"type":"record","name":"Source","namespace":"io.debezium.connector.mysql","fields":[
          {"name":"connector","type":"string"},{"name":"table","type":["null","string"],"default":null}]}},
         {"name":"op","type":"string"}]}
        """;

    private static readonly string Row = Tags.OfRow("users", [ShopData.Ada]);
    private static readonly string[] Unknown = [Tags.OfUnknownRows("users")];

    [Theory]
    [InlineData("mysql")]
    [InlineData("mariadb")]
    [InlineData("sqlserver")]
    public async Task A_record_with_both_rows_invalidates_the_row_and_both_values(string connector) => Assert.Equal(
        Sorted(Row, Group(1), Group(7)), await TagsAsync(Change(connector, "u", Old, Ada)));

    // PostgreSQL's connector fills in placeholders for the old values of columns that are not in the replica identity.
    [Fact]
    public async Task The_old_row_of_PostgreSQL_is_not_relied_on() =>
        Assert.Equal(Unknown, await TagsAsync(Change("postgresql", "u", Old, Ada)));

    [Fact]
    public async Task Without_the_old_row_the_declared_column_makes_all_rows_unknown()
    {
        Assert.Equal(Unknown, await TagsAsync(Change("postgresql", "u", "null", Ada)));
        Assert.Equal(Unknown, await TagsAsync(Change("postgresql", "d", """{"Id":"00000000-0000-0000-0000-00000000000a"}""", "null")));
    }

    // With message.key.columns, the key of a record may contain any column. If PostgreSQL sent no old values, it is that of the new row.
    [Fact]
    public async Task A_column_in_the_key_of_the_record_that_is_not_in_the_primary_key_says_nothing_of_the_old_row()
    {
        const string Custom = """{"Id":"00000000-0000-0000-0000-00000000000a","GroupId":1}""";
        Assert.Equal(Unknown, await TagsAsync(Change("postgresql", "u", "null", Ada), Custom));
    }

    // MySQL does not log the rows that foreign keys delete or change.
    [Theory]
    [InlineData("mysql", true)]
    [InlineData("mariadb", true)]
    [InlineData("sqlserver", false)]
    [InlineData("postgresql", false)]
    public async Task Where_the_database_does_not_log_its_cascades_they_are_invalidated_with_a_deletion(string connector, bool cascades)
    {
        var tags = await TagsAsync(Change(connector, "d", Old, "null"));
        Assert.Equal(cascades, tags.Contains(Tags.OfUnknownRows("orders"), StringComparer.Ordinal));
        Assert.Equal(cascades, tags.Contains(Tags.OfTable("order_lines"), StringComparer.Ordinal));
        Assert.DoesNotContain(Tags.OfTable("orders"), await TagsAsync(Change(connector, "u", Old, Ada)));
    }

    [Fact]
    public async Task A_table_without_declared_columns_is_invalidated_by_the_key_of_the_record() => Assert.Equal(
        [Tags.OfRow("roles", [5])],
        await TagsAsync(Change("postgresql", "u", "null", """{"Id":5,"Name":"x"}""", "roles"), """{"Id":5}""", "roles"));

    [Fact]
    public async Task A_row_that_is_created_or_deleted_is_invalidated_with_its_value()
    {
        Assert.Equal(Sorted(Row, Group(1)), await TagsAsync(Change("postgresql", "c", "null", Ada)));
        Assert.Equal(Sorted(Row, Group(7)), await TagsAsync(Change("sqlserver", "d", Old, "null")));
    }

    [Theory]
    [InlineData("r")]
    [InlineData("t")]
    [InlineData("something new")]
    public async Task Snapshots_truncates_and_what_is_not_known_invalidate_the_table(string operation) =>
        Assert.Equal(Unknown, await TagsAsync(Change("mysql", operation, "null", operation == "r" ? Ada : "null")));

    [Fact]
    public async Task The_schema_around_a_record_changes_nothing() => Assert.Equal(
        Sorted(Row, Group(1), Group(7)),
        await TagsAsync(
            $$"""{"schema":{"type":"struct","fields":[]},"payload":{{Change("mysql", "u", Old, Ada)}}}""",
            $$"""{"schema":{"type":"struct","fields":[]},"payload":{{Key}}}"""));

    [Theory]
    [InlineData("""{"ts_ms":1700000000000}""")]
    [InlineData("""{"status":"END","id":"571:53195829","event_count":2,"data_collections":[],"ts_ms":1}""")]
    [InlineData("""{"source":{"connector":"mysql"},"databaseName":"shop","schemaName":null,"ddl":"ALTER TABLE x","tableChanges":[]}""")]
    [InlineData("""{"op":"m","source":{"connector":"postgresql","table":""},"message":{"prefix":"x","content":""}}""")]
    public async Task Heartbeats_transactions_schema_changes_and_messages_are_passed_over(string value) =>
        Assert.Empty(await TagsAsync(value, isChange: false));

    [Theory]
    [InlineData(Ada)]
    [InlineData("""{"Id":"00000000-0000-0000-0000-00000000000a","__deleted":"true"}""")]
    [InlineData("""{"op":"u","before":null,"after":null}""")]
    public async Task A_record_without_its_envelope_is_refused_with_a_remedy(string value) => Assert.Contains(
        "ExtractNewRecordState", (await Assert.ThrowsAsync<FormatException>(() => TagsAsync(value))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task What_is_no_JSON_is_refused_without_its_content() => Assert.DoesNotContain(
        "secret", (await Assert.ThrowsAsync<FormatException>(() => TagsAsync("\0secret"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Id":"not an id","GroupId":1}""")]
    [InlineData("""{"Id":{"scale":2,"value":"AfQ="},"GroupId":1}""")]
    [InlineData("""{"GroupId":1}""")]
    [InlineData("""{"Id":"00000000-0000-0000-0000-00000000000a","GroupId":"AfQ="}""")]
    [InlineData("""{"Id":"00000000-0000-0000-0000-00000000000a","GroupId":1.5}""")]
    public async Task A_value_that_can_not_be_compared_makes_all_rows_unknown(string row) =>
        Assert.Equal(Unknown, await TagsAsync(Change("mysql", "c", "null", row)));

    [Fact]
    public async Task A_table_that_is_not_in_the_model_is_invalidated_by_its_name() =>
        Assert.Equal(
            [Tags.OfUnknownRows("strange")],
            await TagsAsync(Change("mysql", "c", "null", """{"x":1}""", "Strange"), table: "strange"));

    [Fact]
    public async Task Avro_says_the_same_as_JSON()
    {
        var (row, key) = ((RecordSchema)Schema.Parse(AvroRow), (RecordSchema)Schema.Parse(AvroKey));
        var envelope = (RecordSchema)Schema.Parse(AvroEnvelope);
        var value = new GenericRecord(envelope);
        value.Add("before", RowOf(row, 7));
        value.Add("after", RowOf(row, 1));
        var source = new GenericRecord((RecordSchema)envelope["source"].Schema);
        source.Add("connector", "mysql");
        source.Add("table", "users");
        value.Add("source", source);
        value.Add("op", "u");
        var id = new GenericRecord(key);
        id.Add("Id", $"{ShopData.Ada}");
        await using var registry = (await FakeRegistry.StartAsync()).With(AvroEnvelope, "7").With(AvroKey, "8");
        using var client = registry.Client();
        var decoder = new AvroRecordDecoder(client);

        var fields = await decoder.DecodeAsync(Written(value, 7), isKey: false, "pg.public.users");
        var named = await decoder.DecodeAsync(Written(id, 8), isKey: true, "pg.public.users");

        Assert.Equal(Sorted(Row, Group(1), Group(7)), await TagsAsync(fields!, named!));
        await Assert.ThrowsAsync<FormatException>(() => decoder.DecodeAsync([0, 0, 0, 0, 99, 1], isKey: false, "pg.public.users"));
        await Assert.ThrowsAsync<FormatException>(() => decoder.DecodeAsync("{}"u8.ToArray(), isKey: false, "pg.public.users"));
    }

    private static GenericRecord RowOf(RecordSchema schema, int group)
    {
        var row = new GenericRecord(schema);
        row.Add("Id", $"{ShopData.Ada}");
        row.Add("Name", "Ada");
        row.Add("GroupId", group);
        return row;
    }

    private static byte[] Written(GenericRecord record, int id)
    {
        using var bytes = new MemoryStream();
        new GenericDatumWriter<GenericRecord>(record.Schema).Write(record, new BinaryEncoder(bytes));
        return WireFormat.WithId(id, bytes.ToArray());
    }

    private static string[] Sorted(params string[] tags) => [.. tags.Order(StringComparer.Ordinal)];

    private static string Group(int id) => Tags.OfValue("users", "GroupId", id);

    private static string Change(string connector, string operation, string before, string after, string table = "users") =>
        $$$"""
        {"before":{{{before}}},"after":{{{after}}},"op":"{{{operation}}}","ts_ms":2,
         "source":{"version":"3.0","connector":"{{{connector}}}","name":"pg","ts_ms":1,"db":"shop","schema":"public","table":"{{{table}}}"}}
        """;

    /// <summary>The tags of a record, without the tag of the table, which every change has.</summary>
    private static async Task<IEnumerable<string>> TagsAsync(string value, string key = Key, string table = "users", bool isChange = true)
    {
        var decoder = new JsonRecordDecoder();
        var fields = await decoder.DecodeAsync(Encoding.UTF8.GetBytes(value), isKey: false, "pg.public.users");
        var named = await decoder.DecodeAsync(Encoding.UTF8.GetBytes(key), isKey: true, "pg.public.users");
        return await TagsAsync(fields!, named!, table, isChange);
    }

    private static async Task<IEnumerable<string>> TagsAsync(
        IReadOnlyDictionary<string, object?> value, IReadOnlyDictionary<string, object?> key, string table = "users", bool isChange = true)
    {
        var rows = new ChangedRows(Most);
        Assert.Equal(isChange, ChangeRecord.Add(rows, key, value, await TablesAsync(), static name => name));
        if (isChange)
            Assert.Contains(Tags.OfTable(table), rows.Marks.Tags);
        return Sorted([.. rows.Marks.Tags.Where(tag => tag != Tags.OfTable(table))]);
    }

    private static async Task<ChangedTables> TablesAsync()
    {
        await using var db = ShopModel.Open();
        var options = new KafkaEfCacheOptions(new KafkaCaching.Hybrid.KafkaHybridCacheOptions());
        options.DeclareColumn<User>(static user => user.GroupId);
        return new ChangedTables(db.Model, new ModelTables(db, options));
    }
}
