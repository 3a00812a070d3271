using System.ComponentModel;
using System.Text.Json;

namespace KafkaCaching.Benchmarks;

/// <summary>The decoded value of the workload.</summary>
[ImmutableObject(true)]
internal sealed record User(Guid Id, string Email, string DisplayName, string[] Groups)
{
    public static User FromJson(byte[] json) => FromJson(json.AsSpan());

    public static User FromJson(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<User>(json, JsonSerializerOptions.Web)!;

    public static byte[] ToJson(User user) => JsonSerializer.SerializeToUtf8Bytes(user, JsonSerializerOptions.Web);
}
