using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hearsay.Simulation.Traces;

/// <summary>JSON objects, one a line, up to so many bytes in all.</summary>
internal sealed class TraceLines(Stream destination, long maximumBytes) : IDisposable
{
    /// <summary>What the last line of a file that is full needs.</summary>
    public const int RoomForTheEnd = 512;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json = new(
        Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    private long _written;

    /// <summary>Whether a line did not fit. Nothing is written after that but the end.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes nothing more but the end.</summary>
    public void Close() => IsFull = true;

    /// <summary>Begins a line, which is an object.</summary>
    public Utf8JsonWriter Begin()
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        return _json;
    }

    /// <summary>The line so far, without its end.</summary>
    public ReadOnlySpan<byte> SoFar
    {
        get
        {
            _json.Flush();
            return _line.WrittenSpan;
        }
    }

    /// <summary>Ends the line and writes it, if it fits.</summary>
    /// <param name="isLast">Whether it is the last one, for which room is kept.</param>
    public void End(bool isLast = false)
    {
        _json.WriteEndObject();
        _json.Flush();
        var bytes = _line.WrittenCount + 1;
        IsFull |= !isLast && _written + bytes > maximumBytes - RoomForTheEnd;
        if (!IsFull || isLast)
        {
            destination.Write(_line.WrittenSpan);
            destination.WriteByte((byte)'\n');
            _written += bytes;
        }
    }

    /// <summary>A number; null if it is not finite.</summary>
    public static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            // Nobody sees more digits, and files are shorter without them.
            json.WriteNumberValue((float)value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
