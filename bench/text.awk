# The text of a VG with many LVs. Variables: kind (linear, thin), count, and the PV's pv (id), size, start and extents.

# An id that is the number in base 36 at its end.
function id(number,    digits, text, n) {
  digits = "0123456789abcdefghijklmnopqrstuvwxyz"
  text = ""
  for (n = 0; n < 32; n++) {
    text = substr(digits, number % 36 + 1, 1) text
    number = int(number / 36)
  }
  return substr(text, 1, 6) "-" substr(text, 7, 4) "-" substr(text, 11, 4) "-" substr(text, 15, 4) "-" \
    substr(text, 19, 4) "-" substr(text, 23, 4) "-" substr(text, 27, 6)
}

function lv(name, visible, extents, body) {
  printf "%s {\nid = \"%s\"\nstatus = [\"READ\", \"WRITE\"%s]\nflags = []\ncreation_time = 1700000000\n", \
    name, id(++made + 1000), visible ? ", \"VISIBLE\"" : ""
  printf "creation_host = \"host\"\nsegment_count = 1\nsegment1 {\nstart_extent = 0\nextent_count = %d\n%s}\n}\n", extents, body
}

function striped(at) { return "type = \"striped\"\nstripe_count = 1\nstripes = [\n\"pv0\", " at "\n]\n" }

BEGIN {
  printf "contents = \"Text Format Volume Group\"\nversion = 1\ndescription = \"bench\"\ncreation_host = \"host\"\n"
  printf "creation_time = 1700000000\nbench {\nid = \"%s\"\nseqno = 1\nformat = \"lvm2\"\n", id(1)
  printf "status = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\nflags = []\nextent_size = 8\nmax_lv = 0\nmax_pv = 0\nmetadata_copies = 0\n"
  printf "physical_volumes {\npv0 {\nid = \"%s\"\ndevice = \"/dev/none\"\nstatus = [\"ALLOCATABLE\"]\nflags = []\n", pv
  printf "dev_size = %d\npe_start = %d\npe_count = %d\n}\n}\nlogical_volumes {\n", size, start, extents
  if (kind == "linear") {
    for (n = 0; n < count; n++) lv(sprintf("lv%05d", n), 1, 1, striped(n))
  } else {
    lv("pool", 1, 256, "type = \"thin-pool\"\nmetadata = \"pool_tmeta\"\npool = \"pool_tdata\"\ntransaction_id = " count \
      "\nchunk_size = 128\ndiscards = \"passdown\"\nzero_new_blocks = 1\n")
    for (n = 0; n < count; n++)
      lv(sprintf("lv%05d", n), 1, 25, "type = \"thin\"\nthin_pool = \"pool\"\ntransaction_id = " n "\ndevice_id = " n + 1 \
        "\n" (n ? "origin = \"lv00000\"\n" : ""))
    lv("pool_tdata", 0, 256, striped(0))
    lv("pool_tmeta", 0, 512, striped(256))
  }
  printf "}\n}\n"
}
