/* SPDX-License-Identifier: MIT */
#include "cue.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <vcdr/codes.h>
#include <vcdr/error.h>

#include "reason.h"

enum { MAX_WORDS = 6, LINE_BYTES = 1024 };

struct parser {
    const char *name;
    struct cue *cue;
    char **why;
    unsigned line;
    unsigned session;
    struct cue_track *track; /* the one that lines belong to, NULL before the first */
    char words[LINE_BYTES];  /* the line's words, each ended by a NUL */
    char *word[MAX_WORDS];
    unsigned count; /* of words; more than MAX_WORDS are counted, not kept */
};

static int refuse(struct parser *p, const char *what, const char *word)
{
    return reason(p->why, VCDR_EINVAL, "%s:%u: %s%s%s", p->name, p->line, what, word ? ": " : "",
                  word ? word : "");
}

/* ---- words ---- */

/* Splits a line at blanks; a quoted word may hold them. */
static int split(struct parser *p, const char *text, size_t len)
{
    char *to = p->words;
    size_t i = 0;

    p->count = 0;
    if (len >= LINE_BYTES)
        return refuse(p, "line too long", NULL);
    for (;;) {
        char end = ' ';

        while (i < len && isspace((unsigned char)text[i]))
            i++;
        if (i == len)
            return VCDR_OK;
        if (p->count < MAX_WORDS)
            p->word[p->count] = to;
        p->count++;
        if (text[i] == '"') {
            end = '"';
            i++;
        }
        while (i < len && (end == '"' ? text[i] != '"' : !isspace((unsigned char)text[i])))
            *to++ = text[i++];
        if (end == '"') {
            if (i == len)
                return refuse(p, "quotation mark without an end", NULL);
            i++;
        }
        *to++ = '\0';
    }
}

/* A number of at most `digits` decimal digits, the whole of `text` up to `end`. */
static bool number(const char *text, const char *end, unsigned digits, unsigned *value)
{
    unsigned v = 0;

    if (text == end || (size_t)(end - text) > digits)
        return false;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9')
            return false;
        v = v * 10 + (unsigned)(*text - '0');
    }
    *value = v;
    return true;
}

/* mm:ss:ff into blocks from 0. */
static int time_of(struct parser *p, const char *word, int32_t *blocks)
{
    const char *first = strchr(word, ':');
    const char *second = first ? strchr(first + 1, ':') : NULL;
    unsigned m, s, f;

    if (!second || !number(word, first, 2, &m) || !number(first + 1, second, 2, &s) ||
        !number(second + 1, second + 1 + strlen(second + 1), 2, &f) || s > 59 || f > 74)
        return refuse(p, "not a time mm:ss:ff (ss 00-59, ff 00-74)", word);
    *blocks = (int32_t)((m * 60 + s) * CD_BLOCKS_PER_SECOND + f);
    return VCDR_OK;
}

/* ---- commands ---- */

static int take_catalog(struct parser *p)
{
    const char *mcn = p->word[1];
    unsigned high, low;

    if (strlen(mcn) != 13 || !number(mcn, mcn + 7, 7, &high) || !number(mcn + 7, mcn + 13, 6, &low))
        return refuse(p, "a catalogue number has 13 digits", mcn);
    if (p->cue->mcn[0] != '\0')
        return refuse(p, "a second CATALOG", NULL);
    memcpy(p->cue->mcn, mcn, 14);
    return VCDR_OK;
}

static int take_file(struct parser *p)
{
    static const struct {
        const char *name;
        enum cue_file_type type;
    } types[] = {{"BINARY", CUE_BINARY}, {"MOTOROLA", CUE_MOTOROLA}, {"WAVE", CUE_WAVE}};
    struct cue_file *file = &p->cue->files[p->cue->file_count];

    if (p->cue->file_count == CUE_TRACKS)
        return refuse(p, "more than 99 files", NULL);
    if (p->word[1][0] == '\0')
        return refuse(p, "a file without a name", NULL);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcasecmp(p->word[2], types[i].name) != 0)
            continue;
        file->name = strdup(p->word[1]);
        if (!file->name)
            return reason(p->why, VCDR_ENOMEM, "%s: out of memory", p->name);
        file->type = types[i].type;
        p->cue->file_count++;
        return VCDR_OK;
    }
    return refuse(p, "file type is not BINARY, MOTOROLA or WAVE", p->word[2]);
}

static const char *const modes[] = {
    [IMAGE_AUDIO] = "AUDIO",           [IMAGE_MODE1_2048] = "MODE1/2048",
    [IMAGE_MODE1_2352] = "MODE1/2352", [IMAGE_MODE2_2336] = "MODE2/2336",
    [IMAGE_MODE2_2352] = "MODE2/2352",
};
enum { MODES = sizeof(modes) / sizeof(modes[0]) };

const char *cue_mode_name(enum image_mode mode)
{
    return modes[mode];
}

/* A track is complete when the next one begins, or the sheet ends. */
static int end_track(struct parser *p)
{
    if (p->track && p->track->indexes == 0)
        return reason(p->why, VCDR_EINVAL, "%s:%u: track %u has no INDEX 01", p->name,
                      p->track->line, p->cue->track_count);
    return VCDR_OK;
}

static int take_track(struct parser *p)
{
    unsigned n, mode = 0;
    int rc = end_track(p);

    if (rc != VCDR_OK)
        return rc;
    if (!number(p->word[1], p->word[1] + strlen(p->word[1]), 2, &n) ||
        n != p->cue->track_count + 1 || n > CUE_TRACKS)
        return refuse(p, "tracks are numbered 1 to 99 without a gap", p->word[1]);
    if (p->cue->file_count == 0)
        return refuse(p, "a track before any FILE", NULL);
    while (mode < MODES && strcasecmp(p->word[2], modes[mode]) != 0)
        mode++;
    if (mode == MODES)
        return refuse(p, "mode is not AUDIO, MODE1/2048, MODE1/2352, MODE2/2336 or MODE2/2352",
                      p->word[2]);
    p->track = &p->cue->tracks[p->cue->track_count++];
    *p->track = (struct cue_track){
        .mode = (enum image_mode)mode,
        .line = p->line,
        .session = p->session,
        .control = mode == IMAGE_AUDIO ? 0 : CONTROL_DATA,
        .gap_file = -1,
        .file = -1,
    };
    return VCDR_OK;
}

static int take_flags(struct parser *p)
{
    static const struct {
        const char *name;
        uint8_t control;
    } flags[] = {{"DCP", CONTROL_COPY_PERMITTED},
                 {"4CH", 8},
                 {"PRE", CONTROL_PRE_EMPHASIS},
                 {"SCMS", 0},
                 {"DATA", 0}};

    for (unsigned w = 1; w < p->count && w < MAX_WORDS; w++) {
        size_t i = 0;

        while (i < sizeof(flags) / sizeof(flags[0]) && strcasecmp(p->word[w], flags[i].name) != 0)
            i++;
        if (i == sizeof(flags) / sizeof(flags[0]))
            return refuse(p, "unknown flag", p->word[w]);
        if (p->track->mode != IMAGE_AUDIO && (flags[i].control & ~CONTROL_COPY_PERMITTED))
            return refuse(p, "a flag of audio on a data track", p->word[w]);
        p->track->control |= flags[i].control;
    }
    return VCDR_OK;
}

static int take_isrc(struct parser *p)
{
    const char *isrc = p->word[1];

    if (strlen(isrc) != 12)
        return refuse(p, "an ISRC has 12 characters", isrc);
    for (int i = 0; i < 12; i++)
        if (!isalnum((unsigned char)isrc[i]) || (i >= 5 && isalpha((unsigned char)isrc[i])))
            return refuse(p, "an ISRC is 5 letters or digits and 7 digits", isrc);
    memcpy(p->track->isrc, isrc, 13);
    return VCDR_OK;
}

/* Times in one file rise from track to track and from index to index. */
static int check_rising(struct parser *p, int32_t at)
{
    int file = (int)p->cue->file_count - 1;
    const struct cue_track *track = p->track;
    int32_t before = -1;

    if (track->indexes > 0 && track->file == file)
        before = track->at[track->indexes];
    else if (track->gap_file == file)
        before = track->gap;
    else if (p->cue->track_count > 1 && track[-1].file == file)
        before = track[-1].at[track[-1].indexes];
    return at > before || (at == before && track->gap_file == file && track->indexes == 0)
               ? VCDR_OK
               : refuse(p, "an INDEX that does not come after the one before it", p->word[2]);
}

static int take_index(struct parser *p)
{
    struct cue_track *track = p->track;
    unsigned n;
    int32_t at = 0;
    int rc;

    if (!number(p->word[1], p->word[1] + strlen(p->word[1]), 2, &n))
        return refuse(p, "not an index from 00 to 99", p->word[1]);
    rc = time_of(p, p->word[2], &at);
    if (rc == VCDR_OK)
        rc = check_rising(p, at);
    if (rc != VCDR_OK)
        return rc;
    if (n == 0) {
        if (track->gap_file >= 0 || track->indexes > 0)
            return refuse(p, "INDEX 00 comes once and first", NULL);
        track->gap_file = (int)p->cue->file_count - 1;
        track->gap = at;
        return VCDR_OK;
    }
    if (n != track->indexes + 1)
        return refuse(p, "indexes rise from 01 without a gap", p->word[1]);
    if (n == 1)
        track->file = (int)p->cue->file_count - 1;
    else if (track->file != (int)p->cue->file_count - 1)
        return refuse(p, "a track that goes on in another file", NULL);
    track->at[n] = at;
    track->indexes = n;
    return VCDR_OK;
}

static int take_pregap(struct parser *p)
{
    if (p->track->gap_file >= 0 || p->track->indexes > 0 || p->track->pregap > 0)
        return refuse(p, "PREGAP comes once and before any INDEX", NULL);
    return time_of(p, p->word[1], &p->track->pregap);
}

static int take_postgap(struct parser *p)
{
    if (p->track->indexes == 0 || p->track->postgap > 0)
        return refuse(p, "POSTGAP comes once and behind INDEX 01", NULL);
    return time_of(p, p->word[1], &p->track->postgap);
}

static int take_packs(struct parser *p)
{
    char **file = &p->cue->packs[p->session - 1];

    if (*file)
        return refuse(p, "a second CDTEXTFILE", NULL);
    *file = strdup(p->word[1]);
    return *file ? VCDR_OK : reason(p->why, VCDR_ENOMEM, "%s: out of memory", p->name);
}

/* REM SESSION nn: the tracks from here on lie in that session. Other remarks do not come here. */
static int take_rem(struct parser *p)
{
    unsigned n;

    if (p->count != 3 || !number(p->word[2], p->word[2] + strlen(p->word[2]), 2, &n))
        return refuse(p, "REM SESSION without a number", NULL);
    if (n == p->session)
        return VCDR_OK;
    if (n > CUE_TRACKS || n != p->session + 1 || p->cue->track_count == 0 ||
        p->cue->tracks[p->cue->track_count - 1].session != p->session)
        return refuse(p, "sessions are numbered from 1 without a gap, each with a track",
                      p->word[2]);
    p->session = n;
    return VCDR_OK;
}

static const struct command {
    const char *name;
    int (*take)(struct parser *p);
    unsigned words; /* the command included; 0: any number */
    bool in_track;
} commands[] = {
    {"CATALOG", take_catalog, 2, false}, {"CDTEXTFILE", take_packs, 2, false},
    {"FILE", take_file, 3, false},       {"FLAGS", take_flags, 0, true},
    {"INDEX", take_index, 3, true},      {"ISRC", take_isrc, 2, true},
    {"POSTGAP", take_postgap, 2, true},  {"PREGAP", take_pregap, 2, true},
    {"REM", take_rem, 0, false},         {"TRACK", take_track, 3, false},
};

static bool word_is(const char *text, size_t len, const char *word)
{
    size_t n = strlen(word);

    return len >= n && strncasecmp(text, word, n) == 0 &&
           (len == n || isspace((unsigned char)text[n]));
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && isspace((unsigned char)*at))
        at++;
    return at;
}

/* Is it a remark, other than REM SESSION? */
static bool is_remark(const char *line, const char *end)
{
    if (!word_is(line, (size_t)(end - line), "REM"))
        return false;
    line = skip_blanks(line + 3, end);
    return !word_is(line, (size_t)(end - line), "SESSION");
}

/* What CD-Text is made of. It may hold anything, a lone quotation mark too, so it is not split. */
static const char *const texts[CD_TEXT_FIELDS] = {
    [CD_TEXT_TITLE] = "TITLE",           [CD_TEXT_PERFORMER] = "PERFORMER",
    [CD_TEXT_SONGWRITER] = "SONGWRITER", [CD_TEXT_COMPOSER] = "COMPOSER",
    [CD_TEXT_ARRANGER] = "ARRANGER",     [CD_TEXT_MESSAGE] = "MESSAGE",
};

static int take_text(struct parser *p, enum cd_text_field field, const char *line, const char *end)
{
    int rc;

    line = skip_blanks(line + strlen(texts[field]), end);
    while (end > line && isspace((unsigned char)end[-1]))
        end--;
    if (end - line >= 2 && line[0] == '"' && end[-1] == '"')
        line++, end--;
    rc = cd_text_set(&p->cue->text, field, p->cue->track_count, line, (size_t)(end - line));
    if (rc == VCDR_ENOMEM)
        return reason(p->why, rc, "%s: out of memory", p->name);
    return rc == VCDR_OK ? rc : refuse(p, "a character that CD-Text in ISO 8859-1 lacks", NULL);
}

/* *taken: the line was a remark or text. */
static int take_words(struct parser *p, const char *line, size_t len, bool *taken)
{
    const char *end = line + len;

    line = skip_blanks(line, end);
    *taken = true;
    for (unsigned field = 0; field < CD_TEXT_FIELDS; field++)
        if (word_is(line, (size_t)(end - line), texts[field]))
            return take_text(p, (enum cd_text_field)field, line, end);
    *taken = is_remark(line, end);
    return VCDR_OK;
}

static int take_line(struct parser *p, const char *line, size_t len)
{
    bool taken;
    int rc;

    if (memchr(line, '\0', len))
        return refuse(p, "a NUL byte: this is no text", NULL);
    rc = take_words(p, line, len, &taken);
    if (rc != VCDR_OK || taken)
        return rc;
    rc = split(p, line, len);
    if (rc != VCDR_OK || p->count == 0)
        return rc;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        const struct command *command = &commands[i];

        if (strcasecmp(p->word[0], command->name) != 0)
            continue;
        if (command->words > 0 && p->count != command->words)
            return refuse(p, "wrong number of words", command->name);
        if (command->in_track && !p->track)
            return refuse(p, "outside a TRACK", command->name);
        return command->take(p);
    }
    return refuse(p, "unknown command", p->word[0]);
}

int cue_parse(const char *name, const char *text, size_t len, struct cue *cue, char **why)
{
    struct parser p = {.name = name, .cue = cue, .why = why, .session = 1};
    const char *end = text + len;
    int rc = VCDR_OK;

    memset(cue, 0, sizeof(*cue));
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark of UTF-8 */
        text += 3;
    while (rc == VCDR_OK && text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;

        p.line++;
        rc = take_line(&p, text, (size_t)(stop - text));
        text = newline ? newline + 1 : end;
    }
    if (rc == VCDR_OK)
        rc = end_track(&p);
    if (rc == VCDR_OK && cue->track_count == 0)
        rc = reason(why, VCDR_EINVAL, "%s: a cue sheet without a track", name);
    if (rc != VCDR_OK)
        cue_free(cue);
    return rc;
}

void cue_free(struct cue *cue)
{
    for (unsigned i = 0; i < cue->file_count; i++)
        free(cue->files[i].name);
    for (unsigned i = 0; i < CUE_TRACKS; i++)
        free(cue->packs[i]);
    cd_text_free(&cue->text);
    memset(cue, 0, sizeof(*cue));
}
