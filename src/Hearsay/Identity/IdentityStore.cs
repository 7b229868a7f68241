using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Hearsay.Protocols;
using Hearsay.Protocols.Wire;

namespace Hearsay.Identity;

/// <summary>
/// Keeps a node's identity in a directory of its own: <c>node.json</c>, replaced as a whole and never half written, and
/// <c>node.lock</c>, held while a process uses it.
/// </summary>
internal sealed class IdentityStore : IDisposable
{
    private const string FileName = "node.json";
    private const string LockName = "node.lock";

    /// <summary>Larger is no file of ours.</summary>
    private const int MaximumFileBytes = 4096;

    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly Lock _gate = new();

    /// <summary>What was stored last; guarded by the gate.</summary>
    private NodeIdentity? _stored;
    private bool _disposed;

    private IdentityStore(string directory, FileStream held) => (_directory, _lock) = (directory, held);

    /// <summary>Opens a directory, makes it if it is not there, and locks it.</summary>
    /// <exception cref="IOException">Another process uses it, or it cannot be written; the message says
    /// which.</exception>
    public static IdentityStore Open(string directory)
    {
        var path = Path.Combine(directory, LockName);
        try
        {
            Directory.CreateDirectory(directory);
            return new IdentityStore(
                directory, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                IsHeld(error)
                    ? $"The data directory '{directory}' is in use by another node. Each node needs one of its own."
                    : $"The data directory '{directory}' cannot be written: {error.Message}",
                error);
        }
    }

    /// <summary>
    /// Whether a file could not be opened because another process holds it. The runtime has no type of its own for
    /// that: the code is EWOULDBLOCK of Linux and of macOS, or a violation of sharing on Windows.
    /// </summary>
    private static bool IsHeld(Exception error) =>
        error is IOException { HResult: 11 or 35 or unchecked((int)0x8007_0020) };

    /// <summary>
    /// The identity for this start: the stored id, or a new one, with an incarnation above every earlier one.
    /// </summary>
    /// <param name="now">The wall clock: incarnations are seeded from it, so that one rises even if the file is
    /// lost.</param>
    /// <exception cref="IOException">The file is damaged; the message says what to do.</exception>
    public NodeIdentity Begin(DateTimeOffset now)
    {
        var path = Path.Combine(_directory, FileName);
        try
        {
            var stored = File.Exists(path) ? Read(path) : NewIdentity(now);
            if (stored.Incarnation == Descriptor.MaximumIncarnation)
            {
                // A slander drove it up there: no room above, so it takes another id, as it does at run time.
                stored = NewIdentity(now);
            }

            var begun = stored with { Incarnation = Math.Max(stored.Incarnation + 1, FromTime(now)) };
            Save(begun);
            return begun;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"The data directory '{_directory}' cannot be used: {error.Message}", error);
        }
    }

    /// <summary>
    /// What is stored in a directory that may be in use; null if nothing is. Nothing is changed.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read, or is damaged.</exception>
    public static NodeIdentity? Peek(string directory) =>
        Path.Combine(directory, FileName) is var path && File.Exists(path) ? Read(path) : null;

    /// <summary>An identity that nobody had before.</summary>
    public static NodeIdentity NewIdentity(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[NodeId.SizeBytes];
        RandomNumberGenerator.Fill(bytes);
        return new NodeIdentity(NodeId.Read(bytes), FromTime(now));
    }

    /// <summary>A seed from the operating system.</summary>
    public static ulong NewSeed()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>
    /// Stores an identity; a crash in between leaves the earlier one. Calls may come in any order: a lower incarnation
    /// never replaces a higher one of the same id.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public void Save(NodeIdentity identity)
    {
        var path = Path.Combine(_directory, FileName);
        var fresh = path + ".new";
        lock (_gate)
        {
            // Another node may have the directory by now.
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_stored is { } stored && stored.Id == identity.Id && stored.Incarnation > identity.Incarnation)
            {
                return;
            }

            using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                using var json = new Utf8JsonWriter(file);
                json.WriteStartObject();
                json.WriteString("id", identity.Id.ToString());
                json.WriteNumber("incarnation", identity.Incarnation);
                json.WriteEndObject();
                json.Flush();
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
            _stored = identity;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _lock.Dispose();
        }
    }

    private static ulong FromTime(DateTimeOffset now) => (ulong)Math.Max(0, now.ToUnixTimeMilliseconds());

    private static NodeIdentity Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumFileBytes)
            {
                throw new FormatException("it is too long");
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var text = json.RootElement.TryGetProperty("id", out var value) ? value.GetString() : null;
            if (!NodeId.TryParse(text, out var id) || id.IsNone)
            {
                throw new FormatException("'id' is not 32 hexadecimal digits, or zero");
            }

            return json.RootElement.TryGetProperty("incarnation", out var number)
                && number.TryGetUInt64(out var incarnation) && incarnation <= Descriptor.MaximumIncarnation
                ? new NodeIdentity(id, incarnation)
                : throw new FormatException("'incarnation' is missing or out of range");
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException
            or InvalidOperationException)
        {
            throw new IOException(
                $"'{path}' is damaged: {error.Message.TrimEnd('.')}. Delete it to give this node a new id.", error);
        }
    }
}
