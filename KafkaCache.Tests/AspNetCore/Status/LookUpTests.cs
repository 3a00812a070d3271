using System.Net;
using System.Text.Json;
using KafkaCaching.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace KafkaCaching.Tests.AspNetCore.Status;

public sealed class LookUpTests
{
    private static readonly FakeCache Users = new(
        "users", Statuses.Faulted(new InvalidOperationException("quotes ada@example.com"))) { Find = Find };

    [Fact]
    public async Task An_entry_comes_with_its_position_and_age()
    {
        await using var host = await StatusHost.StartAsync(Users);
        host.Time.Advance(TimeSpan.FromSeconds(90));

        var entry = (await AnswerAsync(host, "ada", "Found")).GetProperty("entry");

        Assert.Equal("{\n  \"name\": \"<b>Ada</b>\"\n}", entry.GetProperty("value").GetString());
        Assert.Equal("Json", entry.GetProperty("format").GetString());
        Assert.Equal("3:1042", entry.GetProperty("position").GetString());
        Assert.Equal(90, entry.GetProperty("ageSeconds").GetDouble());
        Assert.False(entry.GetProperty("isCut").GetBoolean());
    }

    [Fact]
    public async Task A_value_that_looks_like_markup_leaves_the_service_escaped()
    {
        await using var host = await StatusHost.StartAsync(Users);

        Assert.DoesNotContain("<b>", (await AnswerAsync(host, "ada", "Found")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_very_long_value_is_cut_but_never_through_a_character()
    {
        await using var host = await StatusHost.StartAsync(Users);

        var entry = (await AnswerAsync(host, "long", "Found")).GetProperty("entry");

        Assert.True(entry.GetProperty("isCut").GetBoolean());
        Assert.Equal(200_001, entry.GetProperty("length").GetInt32());
        var value = entry.GetProperty("value").GetString()!;
        Assert.Equal(99_999, value.Length);
        Assert.True(char.IsLowSurrogate(value[^1]));
    }

    [Theory]
    [InlineData("nobody", "Absent", null)]
    [InlineData("bad", "NotAKey", "A key is a GUID.")]
    [InlineData("early", "NotReadable", "Wait until it is ready.")]
    [InlineData("quarantined", "NotReadable", "The record of this key, at 1:7, can't be used: UndecodableValue.")]
    [InlineData("faulted", "NotReadable", "The cache has faulted. The cause is System.InvalidOperationException, whose message is not "
        + "shown here because it may quote a record. The log contains it.")]
    [InlineData("stopped", "NotReadable", "The cache has been stopped.")]
    public async Task What_can_not_be_shown_says_why_without_a_word_of_user_code(string key, string outcome, string? message)
    {
        await using var host = await StatusHost.StartAsync(Users);

        var answer = await AnswerAsync(host, key, outcome);

        Assert.Equal(message, answer.GetProperty("message").GetString());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("entry").ValueKind);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "cache=users&key=ada")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    [InlineData("text/plain", """{"cache":"users","key":"ada"}""")]
    [InlineData(null, """{"cache":"users","key":"ada"}""")]
    public async Task What_a_foreign_page_could_send_unasked_is_refused(string? contentType, string body)
    {
        await using var host = await StatusHost.StartAsync(Users);

        using var response = await host.FindAsync(body, contentType);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"cache":"users"}""")]
    [InlineData("""{"cache":"users","key":null}""")]
    [InlineData("""{"cache":"users","key":7}""")]
    [InlineData("""{"cache":"users","key":"a","by":"Value"}""")]
    [InlineData("""{"cache":"users","key":"a","by":"Index"}""")]
    public async Task What_is_no_look_up_is_a_bad_request(string body)
    {
        await using var host = await StatusHost.StartAsync(Users);

        using var response = await host.FindAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_body_that_the_server_refuses_is_answered_as_the_server_does()
    {
        await using var host = await StatusHost.StartAsync([Users], "Production", configure: null, static app =>
        {
            app.UseExceptionHandler(static failed => failed.Run(static _ => Task.CompletedTask));
            app.Use(static (context, next) =>
            {
                context.Request.Body = new RefusedBody();
                return next();
            });
            app.MapKafkaCacheStatus().AllowAnonymous();
        });

        using var response = await host.FindAsync("{}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task A_charset_changes_nothing(string contentType)
    {
        await using var host = await StatusHost.StartAsync(Users);

        using var response = await host.FindAsync("""{"cache":"users","key":"ada"}""", contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"cache":"users","key":"\ud800"}""")]
    [InlineData("""{"cache":"users","key":"\u0000"}""")]
    public async Task A_key_of_odd_characters_is_answered(string body)
    {
        await using var host = await StatusHost.StartAsync(Users);

        using var response = await host.FindAsync(body);

        Assert.InRange((int)response.StatusCode, 200, 400);
    }

    [Fact]
    public async Task A_key_of_a_megabyte_is_a_key()
    {
        await using var host = await StatusHost.StartAsync(Users);

        using var response = await host.FindAsync($$"""{"cache":"users","key":"{{new string('k', 1 << 20)}}"}""");

        Assert.Contains(
            "Absent", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_is_not_there_is_not_found()
    {
        await using var host = await StatusHost.StartAsync(Users);

        using var response = await host.FindAsync("""{"cache":"orders","key":"ada"}""");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<JsonElement> AnswerAsync(StatusHost host, string key, string outcome)
    {
        using var response = await host.FindAsync($$"""{"cache":"users","key":"{{key}}"}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(outcome, answer.GetProperty("outcome").GetString());
        return answer;
    }

    private static CacheEntry<string>? Find(string key) => key switch
    {
        "ada" => new CacheEntry<string>("{\n  \"name\": \"<b>Ada</b>\"\n}", 3, 1042, DateTimeOffset.UnixEpoch),
        "long" => new CacheEntry<string>("x" + string.Concat(Enumerable.Repeat("😀", 100_000)), 0, 0, DateTimeOffset.UnixEpoch),
        "bad" => throw new FormatException("A key is a GUID."),
        "early" => throw new CacheNotReadyException("Wait until it is ready.", CachePhase.Replaying, 0.5),
        "quarantined" => throw new RecordErrorException("quotes ada@example.com", 1, 7, RecordErrorReason.UndecodableValue),
        "faulted" => throw new CacheFaultedException("quotes ada@example.com", new InvalidOperationException("quotes ada@example.com")),
        "stopped" => throw new ObjectDisposedException("users"),
        _ => null,
    };

    private sealed class RefusedBody : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
    }
}
