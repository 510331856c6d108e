// Small comforts; every page works with plain forms as well.
(function () {
    var root = document.documentElement;

    document.querySelectorAll("[data-theme-switch]").forEach(function (button) {
        button.addEventListener("click", function () {
            var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
            root.setAttribute("data-bs-theme", next);
            try { localStorage.setItem("frontdoor-theme", next); } catch (e) { /* private mode */ }
        });
    });

    document.addEventListener("keydown", function (event) {
        if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
        if (/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
        var box = document.querySelector("[data-slash]");
        if (box) { event.preventDefault(); box.focus(); box.select(); }
    });

    document.querySelectorAll("form[data-autosubmit]").forEach(function (form) {
        form.addEventListener("change", function () {
            // Empty filters stay out of the address, so that it can be read and shared.
            form.querySelectorAll("select").forEach(function (s) { s.disabled = !s.value; });
            form.submit();
        });
    });

    // What is chosen brings its usual values (data-FIELD) along, where nobody has changed them by hand.
    document.querySelectorAll("select[data-fills]").forEach(function (select) {
        var form = select.form, touched = {};
        form.addEventListener("change", function (event) { if (event.target !== select) touched[event.target.name] = true; });
        function fill() {
            var usual = select.selectedOptions[0] ? select.selectedOptions[0].dataset : {};
            Object.keys(usual).forEach(function (name) {
                var field = form.elements[name];
                if (field && !touched[name]) field.value = usual[name];
            });
        }
        select.addEventListener("change", fill);
        // A browser that comes back to the page may have kept another choice than the first.
        window.addEventListener("pageshow", function () { if (select.selectedIndex > 0) fill(); });
    });

    document.querySelectorAll("[data-send]").forEach(function (area) {
        area.addEventListener("keydown", function (event) {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
        });
    });

    document.querySelectorAll("[data-confirm]").forEach(function (button) {
        button.addEventListener("click", function (event) { if (!confirm(button.dataset.confirm)) event.preventDefault(); });
    });

    document.querySelectorAll("[data-copy]").forEach(function (button) {
        var words = button.textContent;
        button.addEventListener("click", function () {
            // Without https there is no clipboard: the text stands beside the button.
            if (!navigator.clipboard) return;
            navigator.clipboard.writeText(button.dataset.copy).then(function () {
                button.textContent = button.dataset.copied;
                setTimeout(function () { button.textContent = words; }, 2000);
            });
        });
    });

    // One click is one request.
    document.querySelectorAll("form[method=post]").forEach(function (form) {
        form.addEventListener("submit", function () {
            setTimeout(function () { form.querySelectorAll("[type=submit]").forEach(function (b) { b.disabled = true; }); });
        });
    });
    window.addEventListener("pageshow", function (event) {
        if (event.persisted) document.querySelectorAll("[type=submit]").forEach(function (b) { b.disabled = false; });
    });

    // A list that was only tried stays chosen: nobody picks the same file twice. What came of it stands above the form.
    document.querySelectorAll("form[data-trial]").forEach(function (form) {
        form.addEventListener("submit", function (event) {
            var only = form.elements[form.dataset.trial];
            if (!only.checked) return;
            event.preventDefault();
            fetch(form.action, { method: "POST", body: new FormData(form) }).then(function (a) {
                return a.ok ? a.text() : Promise.reject(a.status);
            }).then(function (html) {
                var told = new DOMParser().parseFromString(html, "text/html").querySelector(".alert");
                if (!told) throw new Error("nothing was said");
                document.querySelectorAll(".alert").forEach(function (old) { old.remove(); });
                form.before(told);
                form.querySelectorAll("button").forEach(function (b) { b.disabled = false; });
                only.focus();
            }).catch(function () { form.submit(); });
        });
    });

    // Taking attendance: the key that marked one person present marks the next. Going to the row of the address takes
    // the focus away again, and does so once the page is there.
    window.addEventListener("load", function () {
        var row = /^#row-\d+$/.test(location.hash) && document.querySelector(location.hash);
        var present = null;
        while (row && !present && (row = row.nextElementSibling)) present = row.querySelector("button[value=here]");
        if (present) setTimeout(function () { present.focus({ preventScroll: true }); });
    });

    document.querySelectorAll("[data-filter]").forEach(function (box) {
        var list = document.querySelector(box.dataset.filter), all = Array.from(list.options);
        box.addEventListener("input", function () {
            var wanted = box.value.trim().toLowerCase();
            var found = all.filter(function (o) { return o.text.toLowerCase().includes(wanted); });
            // An empty list would quietly send the recommended outlet.
            list.replaceChildren.apply(list, found.length ? found : all);
            box.classList.toggle("is-invalid", !found.length);
            if (list.selectedIndex < 0) list.selectedIndex = 0;
        });
        box.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
    });

    document.querySelectorAll(".modal").forEach(function (modal) {
        modal.addEventListener("shown.bs.modal", function () {
            var first = modal.querySelector(".modal-body input, .modal-body select, .modal-body textarea");
            if (first) first.focus();
            // What is typed replaces the old fee; appended to it, 231 became 231231.
            if (first && first.type === "number") first.select();
        });
    });

    function post(number, field, address) {
        var token = document.querySelector("[name=csrftoken]").value;
        return fetch(address || "/console/tickets/" + encodeURIComponent(number) + "/reveal", {
            method: "POST",
            headers: { "X-CSRFToken": token, "Content-Type": "application/x-www-form-urlencoded" },
            body: "field=" + field,
        }).then(function (answer) { if (!answer.ok) throw new Error(answer.status); return answer; });
    }

    function failed(button) { button.classList.add("fd-bad-text"); button.disabled = false; }

    document.querySelectorAll("[data-reveal]").forEach(function (button) {
        button.addEventListener("click", function () {
            button.disabled = true;
            post(button.dataset.number, button.dataset.reveal, button.dataset.revealAt).then(function (a) { return a.json(); }).then(function (told) {
                var place = button.parentElement.querySelector("[data-secret]");
                place.textContent = told.value;
                if (button.dataset.reveal === "phone") {
                    var link = document.createElement("a");
                    link.href = "tel:" + told.value; link.textContent = told.value;
                    place.replaceChildren(link);
                }
                button.remove();
            }).catch(function () { failed(button); });
        });
    });

    function toBottom(box) { if (box.hasAttribute("data-bottom")) box.scrollTop = box.scrollHeight; }

    document.querySelectorAll("[data-reveal-talk]").forEach(function (button) {
        button.addEventListener("click", function () {
            var box = document.getElementById("talk");
            button.disabled = true;
            post(button.dataset.number, "conversation").then(function (a) { return a.text(); }).then(function (html) {
                box.removeAttribute("data-fresh"); // a refresh would mask it again
                box.innerHTML = html; toBottom(box); button.remove();
            }).catch(function () { failed(button); });
        });
    });

    document.querySelectorAll("[data-fresh]").forEach(function (box) {
        var shown = null;
        toBottom(box);
        setInterval(function () {
            var address = box.dataset.fresh;
            if (!address || document.hidden) return;
            fetch(address, { headers: { Accept: "text/html" } }).then(function (a) {
                if (a.redirected) { location.reload(); throw new Error("logged out"); }
                return a.ok ? a.text() : Promise.reject(a.status);
            }).then(function (html) {
                if (shown !== null && html !== shown && box.dataset.fresh) {
                    var atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
                    box.innerHTML = html;
                    if (atEnd) toBottom(box);
                }
                shown = html;
            }).catch(function () { /* the next round tries again */ });
        }, 4000);
    });

    // A whole row is a link; the number in it stays one for keyboards and new tabs.
    document.querySelectorAll(".fd-table tbody tr").forEach(function (row) {
        var link = row.querySelector(".fd-number");
        if (!link) return;
        row.classList.add("fd-click");
        row.addEventListener("click", function (event) {
            if (event.target.closest("a, button") || String(getSelection())) return;
            if (event.ctrlKey || event.metaKey) window.open(link.href); else location.href = link.href;
        });
    });

    // The call list by keyboard: both hands stay there while the telephone is at the ear.
    document.querySelectorAll("[data-calls]").forEach(function (list) {
        document.addEventListener("keydown", function (event) {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (/^(TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.type === "text") return;
            var calls = Array.from(list.querySelectorAll(".fd-call")), key = event.key.toLowerCase();
            var here = calls.indexOf(event.target.closest ? event.target.closest(".fd-call") : null);
            if (key === "j" || key === "k") {
                var next = calls[Math.max(0, Math.min(calls.length - 1, here + (key === "j" ? 1 : -1)))];
                if (next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: "nearest" }); }
            } else if (here >= 0) {
                var score = calls[here].querySelector("input[name=score][value='" + (/^[1-5]$/.test(key) ? key : "none") + "']");
                var button = calls[here].querySelector("[data-key='" + (/^[a-z]$/.test(key) ? key : "none") + "']");
                if (score) score.checked = true;
                if (button) { event.preventDefault(); button.focus(); }
            }
        });
    });

    // What was typed is not lost where it is refused: it stays in this tab for one page, beside the reason.
    var TYPED = "frontdoor-typed";
    function fields(form) {
        return Array.from(form.elements).filter(function (e) {
            return e.name && !/^(hidden|password|file|submit|button|fieldset)$/.test(e.type);
        });
    }
    function putBack(kept) {
        var form = Array.from(document.querySelectorAll("form[method=post]")).find(function (f) {
            return f.getAttribute("action") === kept.action && fields(f).length === kept.values.length;
        });
        if (!form) return;
        fields(form).forEach(function (e, n) {
            if (/^(checkbox|radio)$/.test(e.type)) e.checked = kept.values[n]; else e.value = kept.values[n];
        });
        for (var box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
    try {
        var kept = JSON.parse(sessionStorage.getItem(TYPED) || "null");
        sessionStorage.removeItem(TYPED);
        if (kept && document.querySelector(".alert-danger")) putBack(kept);
    } catch (e) { /* private mode */ }
    document.querySelectorAll("form[method=post]").forEach(function (form) {
        form.addEventListener("submit", function () {
            var values = fields(form).map(function (e) { return /^(checkbox|radio)$/.test(e.type) ? e.checked : e.value; });
            try {
                sessionStorage.setItem(TYPED, JSON.stringify({ action: form.getAttribute("action"), values: values }));
            } catch (e) { /* private mode */ }
        });
    });
})();
